import * as z from 'zod';
import type { NamedModelConfiguration } from './configuration.ts';
import { numberBetween, strategy, text } from './leaf-schemas.ts';
import { canonicalStrategy, STRATEGY_NAMES } from './strategy-names.ts';

/** `quality_mode`, `balanced_mode`, `speed_mode`. */
export const modeSection = z
  .strictObject({
    model: text.describe('The model of this mode.'),
    temperature: numberBetween(0, 2).optional().describe('Sampling temperature.'),
    top_p: numberBetween(0, 1).optional().describe('The share of likely tokens that are sampled from.'),
  })
  .describe('A model with sampling settings, chosen by the name of the mode.');

/** One word: a strategy, or else a model. */
const meaning = text.transform((word): NamedModelConfiguration => {
  const name = canonicalStrategy(word);
  return (STRATEGY_NAMES as readonly string[]).includes(name) ? { strategy: name } : { chain: [word] };
});

const namedModel = z
  .strictObject({
    chain: z
      .array(text)
      .min(1, { error: 'expected at least one model' })
      .optional()
      .describe('Models to try in their order.'),
    strategy: strategy.optional().describe('Route it by this strategy.'),
  })
  .refine(({ chain, strategy: by }) => chain !== undefined || by !== undefined, {
    error: 'expected a chain or a strategy',
    // A misspelt key says more than that the right one is missing.
    when: ({ issues }) => issues.length === 0,
  })
  .refine(({ chain, strategy: by }) => chain === undefined || by === undefined || by === 'fallback_chain', {
    error: 'a chain is tried in its order: leave out its strategy',
  });

/** Names that are routed before this section is looked at. */
const TAKEN = /^(?:auto$|signalbox\/|claude-signalbox-)/;

export const modelsSection = z
  .record(z.string(), z.union([meaning, namedModel], { error: 'expected a strategy, a model, or { chain: [models] }' }))
  .superRefine((names, { addIssue }) => {
    for (const name of Object.keys(names)) {
      const message =
        'is routed by routing.strategy or the strategy that it names, and can have no other meaning: take another name';
      if (TAKEN.test(name)) addIssue({ code: 'custom', path: [name], message, input: name });
    }
  })
  .describe('What names of models mean, * standing for any text: a strategy, a model, or a chain of models.');
