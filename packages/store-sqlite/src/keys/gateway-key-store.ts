import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import {
  aNumber,
  aPort,
  aText,
  backgroundClock,
  type Clock,
  type GatewayKey,
  type GatewayKeys,
  type OptionRules,
  RouterError,
  requireOptions,
} from '@signalbox/core';
import { fileFault } from '../file/sqlite-fault.ts';
import { inTransaction } from '../file/transaction.ts';
import { openGatewayKeyFile } from './gateway-key-file.ts';
import { toColumns, toGatewayKey } from './gateway-key-row.ts';

/** Where keys of a gateway are kept. */
export interface GatewayKeyStoreOptions {
  /** Path of the database file. It is made with the first key, for this user alone. */
  readonly file: string;
  readonly clock?: Clock | undefined;
  /** Milliseconds after which a change by another process is seen at the latest. Default 1,000. */
  readonly staleMs?: number | undefined;
}

const RULES: OptionRules<GatewayKeyStoreOptions> = {
  file: aText('a path, such as /var/lib/signalbox/keys.db'),
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now']),
  staleMs: aNumber(0, undefined, 'of milliseconds'),
};

/** What is said of a key when it is made. */
export type NewGatewayKey = Omit<GatewayKey, 'createdAt' | 'revokedAt'>;

/** A key with its secret, which is nowhere written down: whoever made it shows it once. */
export interface SecretKey {
  readonly key: GatewayKey;
  readonly secret: string;
}

/** The keys of gateways, in a file that many processes share: one makes and revokes, others look up. */
export interface GatewayKeyStore extends GatewayKeys {
  /** Throws RouterError `usage` where a key of this name was ever made. */
  create(key: NewGatewayKey): SecretKey;
  /** All that were ever made, by name. */
  list(): readonly GatewayKey[];
  /** From now on the key opens nothing. Throws RouterError `usage` where there is no such key. */
  revoke(name: string): GatewayKey;
  /** A new secret for a key; the old ones work for `graceMs` more. Throws RouterError `usage` where there is no such key, or it is revoked. */
  rotate(name: string, graceMs: number): SecretKey;
  close(): void;
}

/** Begins every key: people and secret scanners know it by this. */
export const KEY_PREFIX = 'sk-signalbox-';

interface Known {
  readonly byDigest: ReadonlyMap<string, { readonly key: GatewayKey; readonly usableUntil: number | undefined }>;
  readonly any: boolean;
}

const NOTHING: Known = { byDigest: new Map(), any: false };

/**
 * Makes a store. Throws RouterError `configuration` for a bad option. All methods throw RouterError where the file can't be used: nobody gets in by accident. Looking up asks memory; once in `staleMs`, and for a
 * key that is not known, it asks the file whether another process has changed it.
 *
 * @example
 * ```ts
 * const keys = createGatewayKeyStore({ file: '/home/me/.claude-code/signalbox-keys.db' });
 * const { secret } = keys.create({ name: 'ci', tags: ['ci'], limits: {} });
 * ```
 */
export function createGatewayKeyStore(options: GatewayKeyStoreOptions): GatewayKeyStore {
  requireOptions('createGatewayKeyStore', options, RULES, ['file']);
  const { file, clock = backgroundClock, staleMs = 1_000 } = options;
  let open: { readonly database: DatabaseSync; readonly identity: string } | undefined;
  let known: { readonly content: Known; readonly version: number } | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function use<Value>(work: (database: DatabaseSync) => Value): Value {
    try {
      // What a removed file knows holds no longer.
      if (open !== undefined && open.identity !== identityOf(file)) close();
      open ??= { database: openGatewayKeyFile(file), identity: identityOf(file) };
      return work(open.database);
    } catch (error) {
      close();
      throw fileFault(error, `The file of keys ${file}`);
    }
  }

  function close(): void {
    const { database } = open ?? {};
    open = undefined;
    known = undefined;
    database?.close();
  }

  /** A change by this process: seen at once. */
  function change<Value>(work: (database: DatabaseSync) => Value): Value {
    const value = use((database) => inTransaction(database, () => work(database)));
    known = undefined;
    lookedAt = Number.NEGATIVE_INFINITY;
    return value;
  }

  function current(): Known {
    const now = clock.now();
    if (now - lookedAt < staleMs && known !== undefined) return known.content;
    if (!existsSync(file)) {
      close();
      known = { content: NOTHING, version: 0 };
    } else {
      use((database) => {
        const version = Number(database.prepare('PRAGMA data_version').get()?.data_version);
        if (known?.version !== version) known = { content: readAll(database), version };
      });
    }
    lookedAt = now;
    return known?.content ?? NOTHING;
  }

  function named(database: DatabaseSync, name: string): GatewayKey {
    const row = database.prepare('SELECT * FROM keys WHERE name = ?').get(name);
    if (row !== undefined) return toGatewayKey(row);
    const message = `There is no key "${name}": see "signalbox keys list".`;
    throw new RouterError({ kind: 'usage', message });
  }

  function addSecret(database: DatabaseSync, key: GatewayKey): SecretKey {
    const secret = `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
    database
      .prepare('INSERT INTO secrets (sha256, key, created_at) VALUES (?, ?, ?)')
      .run(createHash('sha256').update(secret).digest('hex'), key.name, clock.now());
    return { key, secret };
  }

  return {
    find(sha256) {
      let found = current().byDigest.get(sha256);
      // Another process may just have made it, and whoever got it uses it at once. Whoever guesses makes the file's version be read, and no more.
      if (found === undefined) {
        lookedAt = Number.NEGATIVE_INFINITY;
        found = current().byDigest.get(sha256);
      }
      return found === undefined || (found.usableUntil ?? Number.POSITIVE_INFINITY) <= clock.now()
        ? undefined
        : found.key;
    },
    exist: () => current().any,
    create(fresh) {
      refuseRoutedNames(fresh.models);
      return change((database) => {
        if (database.prepare('SELECT 1 FROM keys WHERE name = ?').get(fresh.name) !== undefined) {
          const message = `There is a key "${fresh.name}" already, or was one: choose another name, or give it a new secret with "signalbox keys rotate ${fresh.name}".`;
          throw new RouterError({ kind: 'usage', message });
        }
        const key: GatewayKey = { ...fresh, createdAt: clock.now() };
        database
          .prepare(
            `INSERT INTO keys (name, owner, tenant, tags, models, limits, created_at, expires_at, revoked_at)
             VALUES (:name, :owner, :tenant, :tags, :models, :limits, :created_at, :expires_at, :revoked_at)`,
          )
          .run(toColumns(key));
        return addSecret(database, key);
      });
    },
    list() {
      if (!existsSync(file)) return [];
      return use((database) => database.prepare('SELECT * FROM keys ORDER BY name').all().map(toGatewayKey));
    },
    revoke(name) {
      return change((database) => {
        named(database, name);
        database.prepare('UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE name = ?').run(clock.now(), name);
        return named(database, name);
      });
    },
    rotate(name, graceMs) {
      return change((database) => {
        const key = named(database, name);
        if (key.revokedAt !== undefined) {
          throw new RouterError({ kind: 'usage', message: `The key "${name}" is revoked: make a new one.` });
        }
        const now = clock.now();
        database.prepare('DELETE FROM secrets WHERE key = ? AND usable_until <= ?').run(name, now);
        // Who is to go sooner already, goes then.
        database
          .prepare('UPDATE secrets SET usable_until = min(coalesce(usable_until, :until), :until) WHERE key = :name')
          .run({ until: now + graceMs, name });
        return addSecret(database, key);
      });
    },
    close,
  };
}

function readAll(database: DatabaseSync): Known {
  const keys = new Map(
    database
      .prepare('SELECT * FROM keys')
      .all()
      .map((row) => [row.name, toGatewayKey(row)]),
  );
  const byDigest: Map<string, { key: GatewayKey; usableUntil: number | undefined }> = new Map();
  for (const { sha256, key: name, usable_until: until } of database.prepare('SELECT * FROM secrets').all()) {
    const key = keys.get(name ?? '');
    if (key !== undefined)
      byDigest.set(String(sha256), { key, usableUntil: until === null ? undefined : Number(until) });
  }
  return { byDigest, any: keys.size > 0 };
}

function identityOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}

/** Throws RouterError `usage` on a name that is routed: no model answers to it, so that a key of such names alone could use nothing. */
function refuseRoutedNames(models: readonly string[] = []): void {
  const routed = models.find((name) => name === 'auto' || /^(?:signalbox\/|claude-signalbox-)/.test(name));
  if (routed === undefined) return;
  const message = `"${routed}" is no model but chooses one, and every key may ask for it: it chooses among the models that the key may use. Name models only.`;
  throw new RouterError({ kind: 'usage', message });
}
