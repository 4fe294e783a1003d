const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

/** Why a file that the user named can't be read, as the end of a sentence: words for what people meet, the system's code for the rest. */
export function whyUnreadable({ code }: NodeJS.ErrnoException): string {
  return REASONS[code ?? ''] ?? `the system says ${code ?? 'nothing more'}`;
}
