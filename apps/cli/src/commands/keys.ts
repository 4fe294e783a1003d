import { homedir } from 'node:os';
import { type CallerLimits, formatUsd, type GatewayKey } from '@signalbox/core';
import type { GatewayKeyStore, NewGatewayKey, SecretKey } from '@signalbox/store-sqlite';
import { createAuditLog } from '../serving/audit-log.ts';
import { openGatewayKeys } from '../stores/open-gateway-keys.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';

/** `signalbox keys create`: prints the new key, this once. */
export function createKey(key: NewGatewayKey, options: { json: boolean }): Promise<number> {
  return withKeys((keys) => {
    const made = keys.create(key);
    const { user, tenant, tags, models, limits, expiresAt } = made.key;
    audit('key.create', key.name, { user, tenant, tags, models, limits, expires_at: day(expiresAt) });
    showSecret(made, options, 'made');
  });
}

/** `signalbox keys rotate`: prints the key's new secret, this once. */
export function rotateKey(name: string, options: { graceMs: number; json: boolean }): Promise<number> {
  return withKeys((keys) => {
    const rotated = keys.rotate(name, options.graceMs);
    audit('key.rotate', name, { grace_ms: options.graceMs });
    showSecret(rotated, options, 'given a new secret');
  });
}

/** `signalbox keys revoke`. */
export function revokeKey(name: string): Promise<number> {
  return withKeys((keys) => {
    keys.revoke(name);
    audit('key.revoke', name);
    say(`The key "${name}" opens nothing any more; running gateways know it within a second.`);
  });
}

/** `signalbox keys list`: who may come in, without secrets. */
export function listKeys(options: { all: boolean; json: boolean }): Promise<number> {
  return withKeys((keys) => {
    const now = Date.now();
    const all = keys.list();
    const shown = all.filter((key) => options.all || stateOf(key, now) === 'open');
    if (options.json) {
      const described = shown.map((key) => ({ ...withDates(key), state: stateOf(key, now) }));
      process.stdout.write(`${JSON.stringify(described, null, 2)}\n`);
    } else if (shown.length === 0) {
      // Gateways go on to want one: as long as there was one, nobody comes in without.
      const what = all.length === 0 ? 'There are no keys' : 'No key is open ("--all" shows those that were)';
      say(`${what}: make one with "signalbox keys create NAME".`);
    } else {
      process.stdout.write(`${table(shown, now)}\n`);
    }
  });
}

function audit(action: string, target: string, details?: Readonly<Record<string, unknown>>): void {
  const log = createAuditLog(homedir(), (sentence) => say(`warning: ${sentence}`));
  log.add({ action, via: 'cli', target, outcome: 'done', details });
}

async function withKeys(work: (keys: GatewayKeyStore) => void): Promise<number> {
  const keys = await openGatewayKeys();
  try {
    work(keys);
    return EXIT.success;
  } finally {
    keys.close();
  }
}

function showSecret({ key, secret }: SecretKey, { json }: { json: boolean }, what: string): void {
  if (json) process.stdout.write(`${JSON.stringify({ ...withDates(key), secret }, null, 2)}\n`);
  else process.stdout.write(`${secret}\n`);
  const end = key.expiresAt === undefined ? '' : ` It opens until ${shownMoment(key.expiresAt)}.`;
  say(`The key "${key.name}" was ${what}.${end} It is shown this once and kept as a hash only.`);
}

/** `2027-02-24 02:12 UTC`: who wrote 3m for months should see that they were minutes. */
const shownMoment = (moment: number) => `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function stateOf({ revokedAt, expiresAt }: GatewayKey, now: number): 'open' | 'revoked' | 'expired' {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && expiresAt <= now ? 'expired' : 'open';
}

const day = (moment: number | undefined) => (moment === undefined ? undefined : new Date(moment).toISOString());

function withDates({ createdAt, expiresAt, revokedAt, ...key }: GatewayKey) {
  return { ...key, createdAt: day(createdAt), expiresAt: day(expiresAt), revokedAt: day(revokedAt) };
}

function table(keys: readonly GatewayKey[], now: number): string {
  return fittedTable(
    [
      { head: 'name' },
      { head: 'state' },
      { head: 'user', drop: 2 },
      { head: 'models', drop: 3 },
      { head: 'limits', drop: 4 },
      { head: 'tags', drop: 5 },
      { head: 'expires', drop: 1 },
    ],
    keys.map((key) => [
      key.name,
      stateOf(key, now),
      key.user ?? '',
      key.models?.join(' ') ?? 'all',
      limitWords(key.limits).join(', '),
      key.tags.join(' '),
      day(key.expiresAt)?.slice(0, 10) ?? 'never',
    ]),
    terminalWidth(process.stdout),
  );
}

function limitWords(limits: CallerLimits): readonly string[] {
  const words: readonly (readonly [string, string | undefined])[] = [
    ['a day', limits.budgetDaily === undefined ? undefined : formatUsd(limits.budgetDaily)],
    ['a month', limits.budgetMonthly === undefined ? undefined : formatUsd(limits.budgetMonthly)],
    ['requests/min', limits.requestsPerMinute?.toString()],
    ['tokens/min', limits.tokensPerMinute?.toString()],
    ['at a time', limits.concurrent?.toString()],
  ];
  return words.flatMap(([what, amount]) => (amount === undefined ? [] : [`${amount} ${what}`]));
}
