import type { DecisionEntry } from '@signalbox/core';

/** What a model has ahead of another, by part of the score. */
const GAIN_WORDS: Readonly<Record<string, string>> = {
  quality: 'better answers expected',
  preference: 'preferred for such tasks',
  cost: 'cheaper',
  latency: 'faster',
  failures: 'fewer failures',
  order: 'earlier in fallback_order',
  bounds: 'within the limits, still served',
};

/** What the columns mean. */
const COLUMN_WORDS: Readonly<Record<string, string>> = {
  quality: 'how good an answer should be, 0 to 1',
  preference: 'routing.preferences',
  cost: 'the price takes off',
  latency: 'waiting takes off',
  failures: 'failed calls take off',
  order: 'routing.fallback_order adds',
  bounds: 'too weak, too slow or retired takes off',
};

/** Less than this is no reason that a reader could see in the table. */
const SEEN = 0.005;

/** `, 0.09 ahead of X (cheaper 0.05)`: by how much the first leads the next best, and by what; nothing where there are no scores. */
export function leadOver([first, ...others]: readonly DecisionEntry[]): string {
  const second = others
    .filter((entry) => entry.score !== undefined)
    .sort((one, other) => (other.score ?? 0) - (one.score ?? 0))[0];
  if (first?.score === undefined || second?.score === undefined) return '';
  const gains = Object.entries(first.scoreParts ?? {})
    .map(([part, value]) => ({ part, gain: value - (second.scoreParts?.[part] ?? 0) }))
    .filter(({ gain }) => gain >= SEEN)
    .sort((one, other) => other.gain - one.gain)
    .map(({ part, gain }) => `${GAIN_WORDS[part] ?? part} ${gain.toFixed(2)}`);
  const by = gains.length === 0 ? '' : ` (${gains.join(', ')})`;
  return `, ${(first.score - second.score).toFixed(2)} ahead of ${second.candidate}${by}`;
}

/** A line for who sees the scores for the first time, and one where the order is not theirs. */
export function scoreLegend(order: readonly DecisionEntry[]): readonly string[] {
  const parts = Object.entries(COLUMN_WORDS)
    .filter(([part]) => order.some((entry) => (entry.scoreParts?.[part] ?? 0) !== 0))
    .map(([part, meaning]) => `${part} (${meaning})`);
  if (parts.length === 0 || !order.some((entry) => entry.score !== undefined)) return [];
  const scores = order.flatMap(({ score }) => (score === undefined ? [] : [score]));
  const byScore = scores.every((score, place) => place === 0 || score <= (scores[place - 1] ?? 0));
  return [
    '',
    `score     ${parts.join(' + ')}`,
    ...(byScore ? [] : ['order     who is asked next where the one before fails; other providers may come first']),
  ];
}
