import { type GatewayKey, RouterError } from '@signalbox/core';
import type * as z from 'zod';
import { type AdminEndpoint, answers, iso, REFUSED } from './admin-endpoint.ts';
import { gatewayKey, keyList, newKey, rotation, secretKey } from './admin-schemas.ts';

/** What is done with the gateway's keys. */
export const KEY_ENDPOINTS: readonly AdminEndpoint[] = [
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
];

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
