import { z } from 'zod';
import { amount, count, duration, flag, share, strategy, text, timeout } from './leaf-schemas.ts';

export const costTrackingSection = z
  .strictObject({
    enabled: flag.optional().describe('false: attempts and their costs are not written down.'),
    keep: duration.optional().describe('What is older is forgotten, once a day, e.g. 365d. Default: nothing is.'),
    budget_daily: amount.optional().describe('Dollars a day; the same as budget.daily.'),
    alert_threshold: share.optional().describe('Share of the daily budget at which to notify: 80, 0.80 or "80%".'),
  })
  .describe('Accounting of costs.');

export const monitoringSection = z
  .strictObject({
    enabled: flag.optional().describe('false: attempts are not written down.'),
    track_latency: flag.optional(),
    track_token_usage: flag.optional(),
  })
  .describe('What is measured.');

export const retrySection = z
  .strictObject({
    max_attempts: count.optional().describe('Attempts at one model, the first included.'),
    backoff: z.enum(['exponential', 'linear', 'constant']).optional().describe('How the wait between attempts grows.'),
    timeout: timeout.optional().describe('Bound of one attempt, e.g. 30s.'),
  })
  .describe('Repeating a failed attempt at the same model.');

export const routerSection = z
  .strictObject({
    enabled: flag.optional().describe('false: no analysis, default_model answers.'),
    strategy: strategy.optional().describe('The same as routing.strategy.'),
    default_model: text.optional().describe('The model that answers when nothing else decides.'),
    cost_tracking: costTrackingSection.optional(),
    monitoring: monitoringSection.optional(),
    retry: retrySection.optional(),
  })
  .describe('The router as a whole.');
