/** Answers with what was expected of each. */
export interface Expected {
  readonly good: boolean;
  readonly weight: number;
  /** Before and after, 0 to 1 each. */
  readonly before: number;
  readonly after: number;
}

/** A figure and where it lies in 99 of 100 draws. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const DRAWS = 1_000;

/**
 * The chance that of a good and a bad answer the good one was expected to be better (area under the curve; 0.5 is a coin), before and after, and the gain between
 * the two with its interval over draws with replacement. The draws are the same for the same answers.
 */
export function rankingGain(answers: readonly Expected[]): {
  readonly before: number;
  readonly after: number;
  /** The low end of the interval of `after`. */
  readonly afterLow: number;
  readonly gain: Interval;
} {
  const one = answers.map(() => 1);
  const areaBefore = areaOf(answers, (answer) => answer.before);
  const areaAfter = areaOf(answers, (answer) => answer.after);
  const before = areaBefore(one);
  const after = areaAfter(one);
  const random = sequence();
  const afters = new Float64Array(DRAWS);
  const gains = Float64Array.from({ length: DRAWS }, (_, draw) => {
    const times = new Array<number>(answers.length).fill(0);
    for (let n = 0; n < answers.length; n += 1) {
      const drawn = Math.floor(random() * answers.length);
      times[drawn] = (times[drawn] ?? 0) + 1;
    }
    const drawnAfter = areaAfter(times);
    afters[draw] = drawnAfter;
    return drawnAfter - areaBefore(times);
  }).sort();
  afters.sort();
  const at = (values: Float64Array, share: number) => values[Math.round(share * (DRAWS - 1))] ?? 0;
  const gain = { value: after - before, low: at(gains, 0.005), high: at(gains, 0.995) };
  return { before, after, afterLow: at(afters, 0.005), gain };
}

/** Mean of −log of what was expected of what happened; lower is better. */
export function surprise(answers: readonly Expected[], of: (answer: Expected) => number): number {
  let sum = 0;
  let weight = 0;
  for (const answer of answers) {
    const share = Math.max(1e-6, Math.min(1 - 1e-6, of(answer)));
    sum -= answer.weight * Math.log(answer.good ? share : 1 - share);
    weight += answer.weight;
  }
  return weight === 0 ? 0 : sum / weight;
}

/** Sorted once; an answer may count several times, or not at all. */
function areaOf(answers: readonly Expected[], of: (answer: Expected) => number): (times: readonly number[]) => number {
  const order = answers.map((_, index) => index);
  const value = answers.map(of);
  order.sort((one, other) => (value[one] ?? 0) - (value[other] ?? 0));
  return (times) => {
    let badBelow = 0;
    let bad = 0;
    let good = 0;
    let area = 0;
    for (let from = 0; from < order.length; ) {
      let to = from;
      let goodHere = 0;
      let badHere = 0;
      const same = value[order[from] ?? 0];
      for (; to < order.length && value[order[to] ?? 0] === same; to += 1) {
        const index = order[to] ?? 0;
        const weight = (times[index] ?? 0) * (answers[index]?.weight ?? 0);
        if (answers[index]?.good === true) goodHere += weight;
        else badHere += weight;
      }
      area += goodHere * (badBelow + badHere / 2);
      badBelow += badHere;
      bad += badHere;
      good += goodHere;
      from = to;
    }
    return good === 0 || bad === 0 ? 0.5 : area / (good * bad);
  };
}

/** Numbers of chance, 0 to 1, always the same ones (mulberry32). */
function sequence(): () => number {
  let state = 0x5bd1e995;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
