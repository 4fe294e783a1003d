/**
 * Keys that are read and checked but that nothing acts on yet: [path in the main spelling, what to know]. A path stands for all
 * below it, `*` for any name; `key: value` means this one value. Take a row out when its key begins to act.
 */
export const KEYS_NOT_IN_EFFECT: Readonly<Record<string, string>> = {};

const ROWS = Object.entries(KEYS_NOT_IN_EFFECT).map(([row, note]) => {
  const [path = '', value] = row.split(': ');
  return { path: path.split('.'), value, note };
});

/** What a setting without effect is named by, and how to go on; `undefined` for a setting that acts. */
export function withoutEffect(
  main: readonly string[],
  value: unknown,
): { readonly length: number; readonly value?: string | undefined; readonly note: string } | undefined {
  const row = ROWS.find(
    (one) =>
      (one.value === undefined || one.value === String(value)) &&
      one.path.length <= main.length &&
      one.path.every((segment, index) => segment === '*' || segment === main[index]),
  );
  return row && { length: row.path.length, value: row.value, note: row.note };
}

/** The sentence about a setting without effect. */
export function withoutEffectSentence(what: string, note: string): string {
  return `${what} is read but has no effect in this version.${note === '' ? '' : ` ${note}`}`;
}
