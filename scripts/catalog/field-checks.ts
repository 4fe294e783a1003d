export type Fields = Readonly<Record<string, unknown>>;

export const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
export const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** Notes fields that nobody knows: a misspelt field would otherwise be a fact that is missing. */
export function refuseUnknown(fields: Fields, known: readonly string[], where: string, problems: string[]): void {
  const unknown = Object.keys(fields).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    problems.push(`${where || 'top level'}: unknown field${unknown.length > 1 ? 's' : ''} ${unknown.join(', ')}`);
  }
}
