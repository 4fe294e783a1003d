import { z } from 'zod';
import { amount, flag, share } from './leaf-schemas.ts';

export const budgetSection = z
  .strictObject({
    daily: amount.optional().describe('Dollars a day.'),
    monthly: amount.optional().describe('Dollars a month.'),
    per_request: amount
      .optional()
      .describe('Dollars for one request; a model that is predicted to cost more is not used.'),
    per_user: z
      .strictObject({ enabled: flag.optional(), default: amount.optional().describe('Dollars a day for each user.') })
      .optional(),
    alerts: z
      .array(
        z.strictObject({
          threshold: share.describe('Share of the budget: 50%, 0.5 or 50.'),
          action: z.enum(['notify', 'switch_to_cheaper', 'block_expensive_models']),
        }),
      )
      .optional(),
  })
  .describe('What may be spent.');
