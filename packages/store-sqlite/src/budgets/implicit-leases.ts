import type { DatabaseSync } from 'node:sqlite';
import { grantedOf, type Lease, type LeaseWish, type NanoUsd, type SpendAccount } from '@signalbox/core';
import type { AccountFigures } from './account-figures.ts';

/**
 * A process that serves many users would write a row for each that comes and take it out again a second later. So it says once, for all accounts of which plenty is left,
 * how much it may hold of each: with one row that it renews. Then it need only read.
 *
 * No budget is handed out twice, since whoever leases by a row takes off what all processes may hold of the account in this way, until the account is `tight`
 * (too little is left for such generosity) and a process has renewed its row after that: then it has written a row of its own for what it holds there. A row
 * that is not renewed ends by itself.
 */
export interface ImplicitLeases {
  /** This process's row, as it was written last; `undefined`: there is none, or it is old. */
  current(now: number): Claim | undefined;
  /** Counts wishes for accounts that are asked for the first time: whether rows are spared, and how large they would be, follows from them. */
  count(wish: LeaseWish): void;
  /** In a transaction: renews this process's row, and gives accounts that have become tight rows of their own. */
  renew(database: DatabaseSync, now: number, expiresAt: number): Renewal;
  /** Remembers what is held of an account without a row; 0: nothing, or there is a row now. */
  keep(account: SpendAccount, amount: NanoUsd): void;
  /** In a transaction: gives it up. */
  giveUp(database: DatabaseSync): void;
}

/** What a transaction has changed. */
interface Renewal {
  /** This process's row from now on. */
  readonly claim: Claim | undefined;
  /** Accounts that have rows of their own now. */
  readonly written: readonly SpendAccount[];
  /** To be called once it was committed. */
  committed(): void;
}

/** What a process may hold of any account. */
export interface Claim {
  readonly holder: string;
  readonly amount: NanoUsd;
  readonly renewedAt: number;
}

/** Of an account that is held without a row so many times what all may hold of it must be left. */
const PLENTY = 20;
/** Accounts that were asked for the first time before it is worth a row: a program that ends at once needs none. */
const WORTHWHILE = 8;
/** So many usual calls may be under way for one account. */
const CALLS = 4;
/** Milliseconds after which a row is renewed, and after which it may become smaller or end. */
const RENEW = 1_000;
const SHRINK = 10_000;

/** Whether enough is free of an account for all to hold some of it without rows. */
export function isPlenty(free: NanoUsd, { heldOfAny }: AccountFigures): boolean {
  return free >= PLENTY * heldOfAny;
}

/** Grants a wish without a row, where it is small enough and the account has plenty. */
export function grantImplicitly(wish: LeaseWish, figures: AccountFigures, claim: Claim | undefined): Lease | undefined {
  const { account, limit, reserved, wanted } = wish;
  const { spent, others, tightSince, unwritten } = figures;
  const free = limit - spent - others - reserved;
  if (account.unit !== 'nano-usd' || claim === undefined) return undefined;
  // Others take off what the claim says until they can read what was spent.
  if (reserved + wanted + unwritten > claim.amount) return undefined;
  if (tightSince !== undefined || !isPlenty(free, figures)) return undefined;
  return { spent, others, granted: grantedOf(wish, free), implicit: true };
}

/** What others may hold of an account without a row. `claims`: of all processes. */
export function heldByOthers({ tightSince }: AccountFigures, claims: readonly Claim[], holder: string): NanoUsd {
  return claims
    .filter((claim) => claim.holder !== holder && (tightSince === undefined || claim.renewedAt <= tightSince))
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** `writeRow`: as much as is held of an account, as a row. */
export function createImplicitLeases(
  holder: string,
  writeRow: (account: SpendAccount, amount: NanoUsd, expiresAt: number) => void,
): ImplicitLeases {
  let own: Claim | undefined;
  /** What is held so, by account. */
  const held = new Map<string, { readonly account: SpendAccount; readonly amount: NanoUsd }>();
  /** What was wanted at most for a first call lately, for how many, and since when that is. */
  let usual = 0;
  let firsts = 0;
  let countedSince = 0;

  /** A power of two, so that it seldom changes. */
  function amountAt(now: number): NanoUsd {
    const wanted = firsts < WORTHWHILE ? 0 : 2 ** Math.ceil(Math.log2(usual * CALLS));
    return own !== undefined && now - countedSince < SHRINK ? Math.max(own.amount, wanted) : wanted;
  }

  return {
    current: (now) => (own !== undefined && now - own.renewedAt < RENEW ? own : undefined),
    count({ account, wanted, unlessFree }) {
      if (unlessFree === undefined || wanted === 0 || account.unit !== 'nano-usd') return;
      usual = Math.max(usual, wanted);
      firsts += 1;
    },
    renew(database, now, expiresAt) {
      const amount = amountAt(now);
      if (own === undefined && amount === 0) return { claim: undefined, written: [], committed: () => undefined };
      const claim = amount === 0 ? undefined : { holder, amount, renewedAt: now };
      const tight = database
        .prepare('SELECT scope, name, from_at, to_at FROM tight_accounts WHERE since >= ?')
        .all(own?.renewedAt ?? now)
        .map(({ scope, name, from_at: from, to_at: to }) => held.get([scope, name, from, to].join('\0')));
      const isLess = own !== undefined && amount < own.amount;
      const tooMuch = isLess ? [...held.values()].filter((one) => one.amount > amount) : [];
      const rows = [...tight, ...tooMuch].filter((one) => one !== undefined);
      for (const one of rows) writeRow(one.account, one.amount, expiresAt);
      if (claim === undefined) database.prepare('DELETE FROM implicit_leases WHERE holder = ?').run(holder);
      else
        database
          .prepare(
            `INSERT INTO implicit_leases (holder, amount, renewed_at, expires_at) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET amount = excluded.amount, renewed_at = excluded.renewed_at, expires_at = excluded.expires_at`,
          )
          .run(holder, amount, now, expiresAt);
      return {
        claim,
        written: rows.map(({ account }) => account),
        committed() {
          for (const { account } of rows) held.delete(keyOf(account));
          own = claim;
          if (now - countedSince < SHRINK) return;
          countedSince = now;
          usual = 0;
          firsts = 0;
        },
      };
    },
    keep(account, amount) {
      if (amount > 0) held.set(keyOf(account), { account, amount });
      else held.delete(keyOf(account));
    },
    giveUp(database) {
      database.prepare('DELETE FROM implicit_leases WHERE holder = ?').run(holder);
      own = undefined;
      held.clear();
    },
  };
}

const keyOf = ({ scope, name, from, to }: SpendAccount): string => `${scope}\0${name}\0${from}\0${to}`;
