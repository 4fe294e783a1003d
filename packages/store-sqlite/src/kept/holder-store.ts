import type { DatabaseSync } from 'node:sqlite';
import { asString, type Clock, type KeptHolder, type KeptHolders, parseJson } from '@signalbox/core';
import { inTransaction } from '../file/transaction.ts';
import type { LedgerFile } from '../ledger/ledger-file.ts';

/** OpenAI keeps responses for 30 days (`store`, API reference of the Responses API). */
const MAX_AGE_MS = 30 * 86_400_000;
/** Ids that stay at most: some 100 MB. */
const MOST = 500_000;
/** Ids that wait at most while the file can't be used. */
const MAX_PENDING = 10_000;
/** Nobody's id is longer; what is would fill the file. */
const MAX_ID = 512;
/** Expired ids that go with each that comes: they never pile up. */
const EXPIRED_AT_ONCE = 4;

interface Waiting {
  readonly id: string;
  readonly holder: KeptHolder;
  readonly at: number;
}

/** The holders of a file, and what a ledger does with those that wait to be written. */
export interface HolderStore extends KeptHolders {
  readonly waits: boolean;
  /** Writes what waits. Throws what SQLite throws where the file can't be used; `brief`: at once. */
  write(patience: 'brief' | 'long'): void;
}

/**
 * Who keeps what, for all processes that share the file. Nothing is forgotten that waits to be written, and what waits is known to this process. `later` sees to it that
 * `write` is called soon.
 */
export function createHolderStore(
  { glance, use }: Pick<LedgerFile, 'glance' | 'use'>,
  clock: Clock,
  later: () => void,
): HolderStore {
  /** The last try at the file failed: who answers does not wait for another one. */
  let isStuck = false;
  let pending = new Map<string, Waiting>();
  let statements: { readonly of: DatabaseSync; readonly run: ReturnType<typeof prepare> } | undefined;

  function prepared(database: DatabaseSync): ReturnType<typeof prepare> {
    if (statements?.of !== database) statements = { of: database, run: prepare(database) };
    return statements.run;
  }

  function write(patience: 'brief' | 'long'): void {
    if (pending.size === 0) return;
    const now = clock.now();
    isStuck = true;
    (patience === 'long' ? use : glance)((database) => {
      const run = prepared(database);
      inTransaction(database, () => {
        for (const { id, holder, at } of pending.values()) {
          const text = holderText(holder);
          run.addHolder.run(text);
          run.keep.run(id, text, at, holder.due ?? null);
        }
        run.expire.run(now - MAX_AGE_MS, pending.size * EXPIRED_AT_ONCE);
      });
    });
    pending = new Map();
    isStuck = false;
  }

  /** `undefined` where the file can't be used: nobody waits for it. */
  function tried<Value>(work: () => Value): Value | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }

  return {
    get waits() {
      return pending.size > 0;
    },
    write,
    keep(ids, holder, when) {
      const at = clock.now();
      for (const id of ids) {
        if (id.length > MAX_ID) continue;
        const name = id.toWellFormed();
        pending.delete(name);
        pending.set(name, { id: name, holder, at });
      }
      for (const oldest of pending.keys()) {
        if (pending.size <= MAX_PENDING) break;
        pending.delete(oldest);
      }
      if (when === 'now' && !isStuck) tried(() => write('brief'));
      if (pending.size > 0) later();
    },
    find(ids) {
      const found = new Map<string, KeptHolder>();
      const asked: string[] = [];
      for (const id of ids) {
        const waiting = pending.get(id);
        if (waiting !== undefined) found.set(id, waiting.holder);
        else if (id.length <= MAX_ID) asked.push(id);
      }
      if (asked.length === 0) return found;
      const since = clock.now() - MAX_AGE_MS;
      const rows = tried(() => glance((database) => prepared(database).find.all(JSON.stringify(asked), since)));
      for (const { id, holder, due } of rows ?? []) {
        const read = readHolder(String(holder), due);
        if (read !== undefined) found.set(String(id), read);
      }
      return found;
    },
    forget(id) {
      pending.delete(id);
      tried(() => glance((database) => prepared(database).forget.run(id)));
    },
    takeDue(id) {
      const waiting = pending.get(id);
      if (waiting?.holder.due !== undefined) {
        const { due, ...settled } = waiting.holder;
        pending.set(id, { ...waiting, holder: settled });
        return { due };
      }
      return tried(() =>
        glance((database) =>
          inTransaction(database, () => {
            const run = prepared(database);
            const due = run.due.get(id)?.due;
            if (typeof due !== 'string') return {};
            run.settle.run(id);
            return { due };
          }),
        ),
      );
    },
  };
}

/** Forgets ids that were given out before a moment, and the holders that only they had. */
export function pruneHolders(database: DatabaseSync, before: number): void {
  inTransaction(database, () => {
    database.prepare('DELETE FROM held WHERE at < ?').run(before);
    database.exec('DELETE FROM holders WHERE number NOT IN (SELECT holder FROM held)');
  });
}

function prepare(database: DatabaseSync) {
  return {
    addHolder: database.prepare('INSERT OR IGNORE INTO holders (holder) VALUES (?)'),
    // A row that is replaced gets a new number: numbers stand in the order of their moments.
    keep: database.prepare(
      `INSERT OR REPLACE INTO held (id, holder, at, due)
       VALUES (?, (SELECT number FROM holders WHERE holder = ?), ?, ?)`,
    ),
    expire: database.prepare(
      `DELETE FROM held WHERE number IN (SELECT number FROM held ORDER BY number LIMIT ?2)
       AND (at < ?1 OR number <= (SELECT max(number) FROM held) - ${MOST})`,
    ),
    find: database.prepare(
      `SELECT held.id, holders.holder, held.due FROM held JOIN holders ON holders.number = held.holder
       WHERE held.id IN (SELECT value FROM json_each(?)) AND held.at >= ?`,
    ),
    forget: database.prepare('DELETE FROM held WHERE id = ?'),
    due: database.prepare('SELECT due FROM held WHERE id = ?'),
    settle: database.prepare('UPDATE held SET due = NULL WHERE id = ?'),
  };
}

/** In one order, so that the same is the same. */
function holderText({ provider, key, keyDigest, owners }: KeptHolder): string {
  return JSON.stringify([provider, key ?? null, keyDigest ?? null, owners.toSorted()]);
}

function readHolder(text: string, due: unknown): KeptHolder | undefined {
  const read = parseJson(text);
  if (!Array.isArray(read)) return undefined;
  const [provider, key, keyDigest, owners] = read;
  const holds = asString(provider);
  if (holds === undefined || !Array.isArray(owners)) return undefined;
  return {
    provider: holds,
    key: asString(key),
    keyDigest: asString(keyDigest),
    owners: owners.filter((owner) => typeof owner === 'string'),
    due: asString(due),
  };
}
