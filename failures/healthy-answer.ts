import type { Behaviour } from '../packages/simulator/src/index.ts';

const WORDS = 'signal track points lever train route platform junction siding bridge'.split(' ');

/** The answer that every healthy provider gives: sixty words, each of them once. */
export const HEALTHY_TEXT = Array.from({ length: 60 }, (_, index) => `${WORDS[index % WORDS.length]}${index + 1}`).join(
  ' ',
);

/** One event a word, 15 ms apart. */
export const HEALTHY: Behaviour = { text: HEALTHY_TEXT, interval: 15 };
