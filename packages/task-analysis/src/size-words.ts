import type { Complexity } from '@signalbox/core';

const WORDS: Readonly<Record<Complexity, string>> = {
  low: 'small work',
  medium: 'work of middling size',
  high: 'large work',
};

/** A few words for how large the work is, with the figure behind them. */
export function sizeWords(level: Complexity, score: number, long: boolean): string {
  return `${WORDS[level]} (${score.toFixed(2)}${long ? ', a long prompt' : ''})`;
}
