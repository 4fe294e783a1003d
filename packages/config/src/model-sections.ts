import { z } from 'zod';
import { numberBetween, strategy, text } from './leaf-schemas.ts';

/** `quality_mode`, `balanced_mode`, `speed_mode`. */
export const modeSection = z
  .strictObject({
    model: text,
    temperature: numberBetween(0, 2).optional(),
    top_p: numberBetween(0, 1).optional(),
  })
  .describe('A model with sampling settings, chosen by the name of the mode.');

export const modelsSection = z
  .record(
    z.string(),
    z.strictObject({
      chain: z.array(text).optional().describe('Models to go to when this one fails.'),
      strategy: strategy.optional(),
    }),
  )
  .describe('Settings for requests that name a model.');
