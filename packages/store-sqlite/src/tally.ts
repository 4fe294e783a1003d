/** How often each whole number occurred, zero or more. */
export type Tally = Map<number, number>;

/** Numbers below this stand for themselves; above, for all that differ by less than two percent. */
const EXACT = 128;
const LOG_STEP = Math.log(1.02);

/** The number of the interval that a measured time is in: milliseconds, at most one percent from its middle. */
export function intervalOf(milliseconds: number): number {
  const whole = Math.max(0, Math.round(milliseconds));
  return whole < EXACT ? whole : EXACT + Math.floor(Math.log(whole / EXACT) / LOG_STEP);
}

/** Milliseconds in the middle of an interval. */
export function middleOf(interval: number): number {
  return interval < EXACT ? interval : Math.round(EXACT * Math.exp((interval - EXACT + 0.5) * LOG_STEP));
}

export function count(tally: Tally, number: number, times = 1): void {
  tally.set(number, (tally.get(number) ?? 0) + times);
}

/** A tally as bytes: pairs of (distance from the number before, times), each in groups of seven bits, ascending. `null`: it is empty. */
export function tallyBytes(tally: Tally): Uint8Array | null {
  if (tally.size === 0) return null;
  const bytes: number[] = [];
  let before = 0;
  for (const number of [...tally.keys()].sort((one, other) => one - other)) {
    append(bytes, number - before);
    append(bytes, tally.get(number) ?? 0);
    before = number;
  }
  return Uint8Array.from(bytes);
}

/** Adds what bytes hold to a tally. */
export function addBytes(tally: Tally, bytes: Uint8Array): void {
  let number = 0;
  let value = 0;
  let scale = 1;
  let isTimes = false;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    if (byte > 0x7f) {
      scale *= 0x80;
      continue;
    }
    if (isTimes) count(tally, number, value);
    else number += value;
    isTimes = !isTimes;
    value = 0;
    scale = 1;
  }
}

function append(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
