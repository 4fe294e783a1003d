/** One thing that was looked at. */
export interface Finding {
  /** What was looked at: `configuration`, `provider openai`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'problem';
  /** What was found, in a clause. */
  readonly message: string;
  /** What to do about it. Absent where all is well. */
  readonly fix?: string | undefined;
}

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message });
export const warning = (check: string, message: string, fix: string): Finding => ({
  check,
  state: 'warning',
  message,
  fix,
});
export const problem = (check: string, message: string, fix: string): Finding => ({
  check,
  state: 'problem',
  message,
  fix,
});
