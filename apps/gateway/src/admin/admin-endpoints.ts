import type { Caller, GatewayKey } from '@signalbox/core';
import { RouterError } from '@signalbox/core';
import type { Router } from '@signalbox/router';
import type * as z from 'zod';
import { providersHealth } from '../apis/health-api.ts';
import { callerOfKey } from '../request/caller.ts';
import type { AdminOptions, UsageGroup } from './admin-options.ts';
import {
  budgetList,
  budgetQuery,
  configuration,
  decided,
  failure,
  gatewayKey,
  health,
  keyList,
  newKey,
  openApi,
  reloaded,
  rotation,
  secretKey,
  usage,
  usageQuery,
} from './admin-schemas.ts';
import type { EndpointDescription, OpenApiDocument } from './openapi-document.ts';

/** What an endpoint is asked with, once it was checked. */
interface AdminCall {
  readonly admin: AdminOptions;
  readonly router: Router;
  readonly now: number;
  /** The segment that varies. */
  readonly name: string;
  readonly query: unknown;
  readonly body: unknown;
  /** The document of this API. */
  readonly document: () => OpenApiDocument;
}

export interface AdminEndpoint extends EndpointDescription {
  /** What the audit log calls it. */
  readonly action: string;
  /** The status where what it is asked for can't be done: RouterError `usage`. */
  readonly refusal?: 404 | 409 | undefined;
  run(call: AdminCall): unknown;
}

const REFUSED = { description: 'Refused; the message says why.', schema: failure };

const answers = (schema: z.ZodType, description: string, status = 200, refusal?: number) => ({
  [status]: { description, schema },
  400: REFUSED,
  401: REFUSED,
  403: REFUSED,
  500: { description: 'The gateway failed; its log says why.', schema: failure },
  ...(refusal === undefined ? {} : { [refusal]: REFUSED }),
});

/** Below `/admin/v1`. */
export const ADMIN_ENDPOINTS: readonly AdminEndpoint[] = [
  {
    method: 'get',
    path: '/keys',
    summary: 'All keys that were ever made, without secrets.',
    action: 'admin.read',
    answers: answers(keyList, 'The keys.'),
    run: ({ admin, now }) => ({ keys: admin.keys.list().map((key) => shownKey(key, now)) }),
  },
  {
    method: 'post',
    path: '/keys',
    summary: 'Makes a key and shows its secret, this once.',
    action: 'key.create',
    body: newKey,
    answers: { ...answers(secretKey, 'The new key.', 201, 409), 413: REFUSED },
    refusal: 409,
    run({ admin, body, now }) {
      const { name, user, tenant, tags = [], models, expires_at, limits = {} } = body as z.output<typeof newKey>;
      const expiresAt = expires_at === undefined ? undefined : Date.parse(expires_at);
      if (expiresAt !== undefined && expiresAt <= now) {
        const message = `"expires_at" is over (${expires_at}): the key would open nothing. Name a time to come, or leave it out.`;
        throw new RouterError({ kind: 'usage', message });
      }
      const made = admin.keys.create({
        name,
        user,
        tenant,
        tags,
        models,
        expiresAt,
        limits: {
          budgetDaily: limits.budget_daily_nano_usd,
          budgetMonthly: limits.budget_monthly_nano_usd,
          requestsPerMinute: limits.requests_per_minute,
          tokensPerMinute: limits.tokens_per_minute,
          concurrent: limits.concurrent,
        },
      });
      return { key: shownKey(made.key, now), secret: made.secret };
    },
  },
  {
    method: 'post',
    path: '/keys/{name}/revoke',
    summary: 'Closes the gateway to a key, within a second.',
    action: 'key.revoke',
    answers: answers(gatewayKey, 'The key, as it is now.', 200, 404),
    refusal: 404,
    run: ({ admin, name, now }) => shownKey(admin.keys.revoke(name), now),
  },
  {
    method: 'post',
    path: '/keys/{name}/rotate',
    summary: 'Gives a key a new secret and shows it, this once.',
    action: 'key.rotate',
    body: rotation,
    answers: { ...answers(secretKey, 'The key with its new secret.', 200, 404), 413: REFUSED },
    refusal: 404,
    run({ admin, name, body, now }) {
      const { key, secret } = admin.keys.rotate(name, (body as z.output<typeof rotation>).grace_ms ?? 0);
      return { key: shownKey(key, now), secret };
    },
  },
  {
    method: 'get',
    path: '/budgets',
    summary:
      'How budgets stand: those of all, and of a user, key and tag that are named; a key brings its own, its user and its tags.',
    action: 'admin.read',
    query: budgetQuery,
    answers: answers(budgetList, 'The budgets; none where neither the configuration nor the key has one.'),
    run({ admin, query }) {
      const { user, key, tag } = query as z.output<typeof budgetQuery>;
      // What stands in the key itself is as much a budget as what the configuration says of it.
      const made = admin.keys.list().find(({ name }) => name === key);
      const known: Caller = made === undefined ? { tenant: 'local', key } : callerOfKey(made);
      const standings = admin.budgets({
        ...known,
        user: user ?? known.user,
        tags: tag === undefined ? known.tags : [...(known.tags ?? []), tag],
      });
      return {
        budgets: standings.map(({ title, unit, limit, spent, reserved, from, to }) => ({
          title,
          unit,
          limit,
          spent,
          reserved,
          from: iso(from),
          to: iso(to),
        })),
      };
    },
  },
  {
    method: 'get',
    path: '/config',
    summary: 'The configuration in effect, secrets masked.',
    action: 'admin.read',
    answers: answers(configuration, 'Its files, and all of it as YAML.'),
    run: ({ admin }) => admin.configuration(),
  },
  {
    method: 'post',
    path: '/config/reload',
    summary: 'Takes the configuration over as its files are now; a bad one changes nothing.',
    action: 'admin.reload',
    answers: answers(reloaded, 'Whether it was taken over, and if not, why.'),
    async run({ admin }) {
      const { takenOver, sentence } = await admin.reload();
      return { taken_over: takenOver, message: sentence };
    },
  },
  {
    method: 'get',
    path: '/health',
    summary: 'Workers, providers, breakers and measured times (of the worker that answers).',
    action: 'admin.read',
    answers: answers(health, 'The state.'),
    run({ admin, router }) {
      const workers = admin.workers();
      const providers = providersHealth(router);
      const well = workers.up === workers.wanted && providers.every((one) => one.state === 'ok');
      return { status: well ? 'ok' : 'degraded', workers, providers };
    },
  },
  {
    method: 'get',
    path: '/usage',
    summary: 'Sums of what was asked, used and spent.',
    action: 'admin.read',
    query: usageQuery,
    answers: answers(usage, 'A sum for each group that occurs.'),
    run({ admin, query }) {
      const { from, to, by, user, key } = query as z.output<typeof usageQuery>;
      const totals = admin.usage({
        from: from === undefined ? undefined : Date.parse(from),
        to: to === undefined ? undefined : Date.parse(to),
        by: (by?.split(',') ?? []) as UsageGroup[],
        user,
        key,
      });
      return {
        totals: totals.map(({ group, requests, attempts, failures, inputTokens, outputTokens, nanoUsd }) => ({
          group,
          requests,
          attempts,
          failures,
          input_tokens: inputTokens,
          output_tokens: outputTokens,
          nano_usd: nanoUsd,
        })),
      };
    },
  },
  {
    method: 'get',
    path: '/decisions/{id}',
    summary: 'A decision by the id that its answer bore (x-signalbox-decision), and what was done.',
    action: 'admin.read',
    answers: answers(decided, 'The decision and its attempts.', 200, 404),
    refusal: 404,
    async run({ admin, name }) {
      const found = await admin.decision(name);
      if (found === undefined) throw new RouterError({ kind: 'usage', message: `There is no decision "${name}".` });
      return {
        decision: found.decision,
        attempts: found.attempts.map(({ startedAt, durationMs, errorKind, inputTokens, outputTokens, ...rest }) => ({
          candidate: rest.candidate,
          outcome: rest.outcome,
          started_at: iso(startedAt),
          duration_ms: durationMs,
          error: errorKind,
          input_tokens: inputTokens,
          output_tokens: outputTokens,
          cost_nano_usd: rest.costNanoUsd,
        })),
      };
    },
  },
  {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document.',
    action: 'admin.read',
    answers: answers(openApi, 'An OpenAPI 3.1 document.'),
    run: ({ document }) => document(),
  },
];

const iso = (moment: number) => new Date(moment).toISOString();
const isoOrNone = (moment: number | undefined) => (moment === undefined ? undefined : iso(moment));

function shownKey(key: GatewayKey, now: number): z.input<typeof gatewayKey> {
  const { name, user, tenant, tags, models, limits, createdAt, expiresAt, revokedAt } = key;
  const expired = expiresAt !== undefined && expiresAt <= now;
  return {
    name,
    state: revokedAt !== undefined ? 'revoked' : expired ? 'expired' : 'open',
    user,
    tenant,
    tags: [...tags],
    models: models && [...models],
    limits: {
      budget_daily_nano_usd: limits.budgetDaily,
      budget_monthly_nano_usd: limits.budgetMonthly,
      requests_per_minute: limits.requestsPerMinute,
      tokens_per_minute: limits.tokensPerMinute,
      concurrent: limits.concurrent,
    },
    created_at: iso(createdAt),
    expires_at: isoOrNone(expiresAt),
    revoked_at: isoOrNone(revokedAt),
  };
}
