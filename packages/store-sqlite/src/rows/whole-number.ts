/** Numbers come from providers: a fraction is rounded, what is no number stays unknown. */
export function wholeNumber(value: number | string | undefined): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) ? whole : undefined;
}
