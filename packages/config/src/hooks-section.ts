import * as z from 'zod';
import { count, text, timeout } from './leaf-schemas.ts';
import { isPattern } from './pattern.ts';

/** What can be taken out of requests and answers by its shape. */
const REDACTABLE = ['secrets', 'email', 'card', 'iban', 'phone', 'ssn'] as const;

const kinds = z
  .union([z.array(z.enum(REDACTABLE)), z.literal('all')], {
    error: `expected all, or a list of ${REDACTABLE.join(', ')}`,
  })
  .transform((value) => (value === 'all' ? [...REDACTABLE] : value));

export const hooksSection = z
  .strictObject({
    module: text
      .optional()
      .describe(
        'A module with onRequest, onText, onResponse; its path, from the folder of this file. Needs signalbox trust.',
      ),
    redact: kinds.optional().describe('What is taken out: all, or a list of secrets, email, card, iban, phone, ssn.'),
    redact_in: z
      .array(z.enum(['request', 'answer']))
      .optional()
      .describe('Where it is taken out. Default both.'),
    patterns: z
      .record(text, z.string().refine(isPattern, { error: 'expected a regular expression without look-around' }))
      .optional()
      .describe('Further things to take out: a name, and a regular expression (RE2).'),
    timeout: timeout.optional().describe('How long the module may take for one question. Default 2s.'),
    on_failure: z
      .enum(['refuse', 'pass'])
      .optional()
      .describe('What becomes of a request or answer whose check fails. Default refuse.'),
    hold_back: count
      .optional()
      .describe('Characters of a stream that wait until it is seen what follows. Default 256.'),
  })
  .describe('What sees requests and answers, and may change or refuse them.');
