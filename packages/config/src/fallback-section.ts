import * as z from 'zod';
import { count, flag, text } from './leaf-schemas.ts';

/** `- anthropic.sonnet` or `- primary: anthropic.sonnet`. */
const link = z.union([text, z.record(z.string(), text)]).transform((value, context) => {
  const models = typeof value === 'string' ? [value] : Object.values(value);
  const [model] = models;
  if (model !== undefined && models.length === 1) return model;
  context.issues.push({ code: 'custom', message: 'expected one model in each line of the chain', input: value });
  return z.NEVER;
});

export const fallbackSection = z
  .strictObject({
    enabled: flag.optional().describe('false: the chain is not used.'),
    chain: z.array(link).optional().describe('Models to try, in order.'),
    max_retries: count
      .optional()
      .describe('Attempts at one model behind the first, where retry.max_attempts says nothing. Default 2.'),
  })
  .describe('What happens when a model fails.');
