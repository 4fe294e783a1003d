import { aListOf, aNumber, aRecordOf, aText, type OptionRule } from '@signalbox/core';

/** A share: of quality, say. */
export const aShare: OptionRule = aNumber(0, 1);

/** How much something counts. */
export const aWeight: OptionRule = aNumber(0);

/** Milliseconds of waiting. */
export const aWait: OptionRule = aNumber(0, undefined, 'of milliseconds');

/** Names of models or providers. */
export const names: OptionRule = aListOf(aText(), "a list of names, such as ['anthropic.sonnet', 'openai']");

/** Opinions by kind of task and provider. */
export const opinions: OptionRule = aRecordOf(
  aRecordOf(aNumber(Number.NEGATIVE_INFINITY), 'numbers by provider'),
  'a table of numbers by task type and provider, such as { any: { anthropic: 0.2 } }',
);
