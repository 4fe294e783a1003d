import * as z from 'zod';
import { amount, count, flag, retention, share, strategy, text, timeout } from './leaf-schemas.ts';

export const costTrackingSection = z
  .strictObject({
    enabled: flag.optional().describe('false: attempts and their costs are not written down.'),
    keep: retention.optional().describe('What is older is forgotten, once a day: 90d, 12w, 6mo, 2y. Default: never.'),
    budget_daily: amount.optional().describe('Dollars a day; the same as budget.daily.'),
    alert_threshold: share.optional().describe('Share of the daily budget at which to notify: 80, 0.80 or "80%".'),
  })
  .describe('Accounting of costs.');

export const monitoringSection = z
  .strictObject({
    enabled: flag.optional().describe('false: attempts are not written down.'),
    track_latency: flag.optional().describe('false: times are left out of the ledger.'),
    track_token_usage: flag.optional().describe('false: tokens are left out of the ledger.'),
  })
  .describe('What is measured.');

export const retrySection = z
  .strictObject({
    max_attempts: count.optional().describe('Attempts at one model, the first included. Default 3.'),
    backoff: z
      .enum(['exponential', 'linear', 'constant'])
      .optional()
      .describe('How the wait between attempts grows. Default exponential.'),
    timeout: timeout.optional().describe('Bound of one attempt. Default 10m.'),
  })
  .describe('Repeating a failed attempt at the same model.');

export const routerSection = z
  .strictObject({
    enabled: flag.optional().describe('false: no analysis, default_model answers.'),
    strategy: strategy.optional().describe('The same as routing.strategy.'),
    default_model: text
      .optional()
      .describe('The model that answers when nothing else decides, or when nobody else is left.'),
    cost_tracking: costTrackingSection.optional(),
    monitoring: monitoringSection.optional(),
    retry: retrySection.optional(),
  })
  .describe('The router as a whole.');
