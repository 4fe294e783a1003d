import { type Caller, RouterError } from '@signalbox/core';
import type * as z from 'zod';
import { providersHealth } from '../apis/health-api.ts';
import { callerOfKey } from '../request/caller.ts';
import { type AdminEndpoint, answers, iso } from './admin-endpoint.ts';
import type { UsageGroup } from './admin-options.ts';
import {
  budgetList,
  budgetQuery,
  configuration,
  decided,
  health,
  openApi,
  reloaded,
  usage,
  usageQuery,
} from './admin-schemas.ts';
import { KEY_ENDPOINTS } from './key-endpoints.ts';

/** Below `/admin/v1`. */
export const ADMIN_ENDPOINTS: readonly AdminEndpoint[] = [
  ...KEY_ENDPOINTS,
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
