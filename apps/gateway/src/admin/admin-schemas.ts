import * as z from 'zod';
import { USAGE_GROUPS } from './admin-options.ts';

const moment = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-01T00:00:00Z' })
  .describe('ISO 8601, with Z or an offset.');
const count = z.int().min(1);
const amount = z.int().min(0).describe('Nano-dollars: 1e9 are a dollar.');

const keyName = z
  .string()
  .regex(/^[\w.@-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, or any of . _ @ -' })
  .describe('1 to 64 letters, digits, or any of . _ @ -');

const limits = z.strictObject({
  budget_daily_nano_usd: amount.optional(),
  budget_monthly_nano_usd: amount.optional(),
  requests_per_minute: count.optional(),
  tokens_per_minute: count.optional(),
  concurrent: count.optional(),
});

export const newKey = z.strictObject({
  name: keyName,
  user: z.string().min(1).optional(),
  tenant: z.string().min(1).optional(),
  tags: z.array(z.string().min(1)).optional(),
  models: z.array(z.string().min(1)).optional().describe('Names, with * for any text. Absent: all.'),
  expires_at: moment.optional(),
  limits: limits.optional(),
});

export const rotation = z.strictObject({
  grace_ms: z.int().min(0).optional().describe('Milliseconds for which the old secret works on. Default 0.'),
});

export const gatewayKey = z.strictObject({
  name: keyName,
  state: z.enum(['open', 'revoked', 'expired']),
  user: z.string().optional(),
  tenant: z.string().optional(),
  tags: z.array(z.string()),
  models: z.array(z.string()).optional(),
  limits,
  created_at: moment,
  expires_at: moment.optional(),
  revoked_at: moment.optional(),
});

export const secretKey = z.strictObject({ key: gatewayKey, secret: z.string().describe('Shown this once.') });
export const keyList = z.strictObject({ keys: z.array(gatewayKey) });

export const budgetQuery = z.strictObject({
  user: z.string().optional(),
  key: z.string().optional(),
  tag: z.string().optional(),
});
export const budgetList = z.strictObject({
  budgets: z.array(
    z.strictObject({
      title: z.string(),
      unit: z.enum(['nano-usd', 'requests']),
      limit: z.number(),
      spent: z.number(),
      reserved: z.number(),
      from: moment,
      to: moment,
    }),
  ),
});

export const configuration = z.strictObject({ files: z.array(z.string()), yaml: z.string() });
export const reloaded = z.strictObject({ taken_over: z.boolean(), message: z.string() });

export const health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  workers: z.strictObject({ wanted: z.int(), up: z.int() }),
  providers: z.array(
    z.strictObject({
      provider: z.string(),
      state: z.enum(['ok', 'degraded', 'down']),
      endpoints: z.array(z.looseObject({ model: z.string(), state: z.string() })),
      models: z.array(z.looseObject({ model: z.string(), calls: z.int() })),
    }),
  ),
});

export const usageQuery = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  by: z
    .string()
    .regex(new RegExp(`^(${USAGE_GROUPS.join('|')})(,(${USAGE_GROUPS.join('|')}))*$`), {
      error: `must be any of ${USAGE_GROUPS.join(', ')}, with commas between them`,
    })
    .optional()
    .describe(`Any of ${USAGE_GROUPS.join(', ')}, with commas between them.`),
  user: z.string().optional(),
  key: z.string().optional(),
});
export const usage = z.strictObject({
  totals: z.array(
    z.strictObject({
      group: z.record(z.string(), z.string()),
      requests: z.int(),
      attempts: z.int(),
      failures: z.int(),
      input_tokens: z.int(),
      output_tokens: z.int(),
      nano_usd: z.int(),
    }),
  ),
});

export const decided = z.strictObject({
  decision: z.looseObject({
    id: z.string(),
    strategy: z.string(),
    reason: z.string(),
    order: z.array(z.looseObject({ candidate: z.string() })),
    removed: z.array(z.looseObject({ candidate: z.string(), reason: z.string() })),
  }),
  attempts: z.array(
    z.strictObject({
      candidate: z.string(),
      outcome: z.string(),
      started_at: moment,
      duration_ms: z.number(),
      error: z.string().optional(),
      input_tokens: z.int().optional(),
      output_tokens: z.int().optional(),
      cost_nano_usd: z.int().optional(),
    }),
  ),
});

export const openApi = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.looseObject({})) });

export const failure = z.strictObject({
  error: z.strictObject({ type: z.string(), message: z.string() }),
});
