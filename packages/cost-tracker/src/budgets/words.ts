/** `80 %`. */
export function shareWords(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A wait as people say it: `40 min`, `3 h`, `12 days`. Rounded up. */
export function untilWords(milliseconds: number): string {
  if (milliseconds <= 2 * HOUR) return `${Math.ceil(milliseconds / MINUTE)} min`;
  if (milliseconds <= 48 * HOUR) return `${Math.ceil(milliseconds / HOUR)} h`;
  return `${Math.ceil(milliseconds / (24 * HOUR))} days`;
}
