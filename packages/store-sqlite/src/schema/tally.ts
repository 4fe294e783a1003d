/** How often each whole number occurred, zero or more. */
export type Tally = Map<number, number>;

/** Up to here every millisecond counts, above three figures do: half a percent at most. */
const EXACT = 1_000;
const FIRST = 100;
/** Numbers of three figures between one power of ten and the next. */
const A_DECADE = 900;

/** Milliseconds, rounded to three figures, as a number without gaps: the tallies of times are of these. */
export function stepOf(milliseconds: number): number {
  const whole = Math.max(0, Math.round(milliseconds));
  if (whole < EXACT) return whole;
  const decade = Math.floor(Math.log10(whole)) - 2;
  // 9,996 becomes 1,000 tens: the first of the next decade, whose number follows.
  return EXACT + (decade - 1) * A_DECADE + Math.round(whole / 10 ** decade) - FIRST;
}

/** The milliseconds of a step. */
export function timeOf(step: number): number {
  if (step < EXACT) return step;
  const place = step - EXACT;
  return (FIRST + (place % A_DECADE)) * 10 ** (Math.floor(place / A_DECADE) + 1);
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

/**
 * The same where the place in a list is the number. A month has hundreds of thousands of numbers to add up, in a program that has just begun and that no compiler has
 * seen: pair by pair, this takes half the steps.
 */
export function addToList(times: number[], bytes: Uint8Array): void {
  let number = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    let byte = bytes[at] ?? 0;
    number += byte & 0x7f;
    for (let scale = 0x80; byte > 0x7f; scale *= 0x80) {
      at += 1;
      byte = bytes[at] ?? 0;
      number += (byte & 0x7f) * scale;
    }
    at += 1;
    byte = bytes[at] ?? 0;
    let more = byte & 0x7f;
    for (let scale = 0x80; byte > 0x7f; scale *= 0x80) {
      at += 1;
      byte = bytes[at] ?? 0;
      more += (byte & 0x7f) * scale;
    }
    times[number] = (times[number] ?? 0) + more;
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
