import { type BudgetStore, type Clock, type NanoUsd, RouterError, type SpendAccount } from '@signalbox/core';
import { type Account, createAccount, isOnlyHeld, left } from './account.ts';
import type { BudgetLine } from './budget-plan.ts';
import type { Calendar } from './calendar.ts';

/** The accounts of one process, and what it holds of each. */
export interface AccountBook {
  account(line: BudgetLine, now: number): Account;
  /** Another one whenever accounts that were handed out may have been given up: who has kept some asks for them again. */
  generation(): number;
  /**
   * Makes sure that the accounts are known, each from the store at least once. `forCall`: a call is about to ask for some of them, so that what calls take lately is asked
   * for at once where plenty is free. Throws RouterError.
   */
  known(accounts: readonly Account[], forCall: boolean): void;
  /**
   * Whether so much is free of each account, or one use of each that counts requests; asks the store before it says no. Answers the account that lacks
   * it. Throws RouterError.
   */
  lacking(accounts: readonly Account[], nanoUsd: NanoUsd): Account | undefined;
  /** Reserves the same, after `lacking` has said that it can be done. */
  take(accounts: readonly Account[], nanoUsd: NanoUsd): void;
  /** Ends a reservation: what was used of it is spent, the rest is free again. */
  settle(account: Account, reserved: number, used: number): void;
  close(): void;
}

/** Milliseconds between two upkeeps: then what this process no longer needs goes back, and what it holds is renewed. */
const UPKEEP = 1_000;
/** The same where much of what others see as held is spent: until then it counts twice for them. */
const SOON = 100;
/** Milliseconds after which what a process holds is free again if it does not renew it: it has died. */
const LEASE = 30_000;

/** The share of what is left that a process may hold without need: others want to spend, too. */
const SHARE = 1 / 8;

/** So many such calls must be free for what one takes to be held before it is asked for. */
const PLENTY = 20;
/**
 * Of an account that the store writes nothing down for, so many usual calls are asked for at once: it is only read for them. From so many in a second on it is held as a
 * whole, which is written once a second.
 */
const AT_ONCE = 3;
const BUSY = 24;
/** What a call takes is forgotten by so much with each that takes less. */
const FADING = 0.98;

/** As much as the last second took, and less the nearer the end is. */
function worthHolding(account: Account): number {
  return Math.max(0, Math.floor(Math.min(account.demand, left(account) * SHARE)));
}

/**
 * Everything between two questions to the store happens in memory: the request's path does no I/O as long as enough is held. `withAlerts`: the store is also asked which
 * alerts were given.
 */
export function createAccountBook(
  store: BudgetStore,
  clock: Clock,
  calendar: Calendar,
  withAlerts = false,
): AccountBook {
  /** The account of the present day or month, by the line's id. */
  const current = new Map<string, Account>();
  /** All that need upkeep, those of the day before with calls still under way among them. */
  const accounts = new Set<Account>();
  let cancelUpkeep: (() => void) | undefined;
  let isSoon = false;
  /** A store that was never asked need not be told that it is over: that might open a file. */
  let asked = false;
  /** What calls take of an account lately, in nano-dollars: the most, fading. */
  let usual = 0;
  let generation = 0;

  function renew(
    some: readonly Account[],
    wanted: (account: Account) => number,
    unlessFree?: (account: Account) => number,
  ): void {
    if (some.length === 0) return;
    asked = true;
    const wishes = some.map((account) => ({
      account: account.place,
      limit: account.line.limit,
      reserved: account.reserved,
      wanted: wanted(account),
      unlessFree: unlessFree?.(account),
      settled: account.settled,
      withAlerts: withAlerts && account.line.unit === 'nano-usd',
    }));
    const leases = store.lease(wishes, clock.now() + LEASE);
    for (const [index, account] of some.entries()) {
      const lease = leases[index];
      if (lease === undefined) continue;
      account.spent = lease.spent;
      account.others = lease.others;
      account.held = lease.granted;
      account.settled = 0;
      account.known = true;
      account.implicit = lease.implicit === true;
      if (lease.alerts !== undefined) account.claimed = lease.alerts;
    }
  }

  /** What is held beyond a call that needs some now. */
  function ahead(account: Account): number {
    const most = account.implicit && account.demand < BUSY * usual ? (AT_ONCE - 1) * usual : Number.POSITIVE_INFINITY;
    return Math.floor(Math.min(worthHolding(account), most));
  }

  function scheduleUpkeep(milliseconds = UPKEEP): void {
    cancelUpkeep ??= clock.after(milliseconds, () => {
      cancelUpkeep = undefined;
      isSoon = false;
      try {
        upkeep();
      } catch {
        // The store can't be used: requests that need it are told, and it is tried again.
        scheduleUpkeep();
      }
    });
  }

  function upkeep(): void {
    const now = clock.now();
    letGo();
    const open = [...accounts].filter(
      (account) => account.reserved !== 0 || account.held !== 0 || account.settled !== 0,
    );
    renew(open, (account) => (account.place.to <= now ? 0 : worthHolding(account)));
    for (const account of accounts) {
      account.demand = 0;
      if (account.reserved === 0 && account.held === 0) forget(account);
    }
    if (accounts.size > 0) scheduleUpkeep();
  }

  /** What nothing was written down of and nobody uses at the moment goes back without a question: of ten thousand users that would be ten thousand. */
  function letGo(): void {
    const idle: SpendAccount[] = [];
    for (const account of accounts) {
      if (!account.implicit || account.reserved !== 0 || account.acting.length > 0) continue;
      idle.push(account.place);
      forget(account);
    }
    if (idle.length > 0) store.release?.(idle);
  }

  /** A thousand users who ask once a day need no memory in between. */
  function forget(account: Account): void {
    accounts.delete(account);
    generation += 1;
    if (current.get(account.line.id) === account) current.delete(account.line.id);
  }

  function hastenUpkeep(): void {
    if (isSoon) return;
    cancelUpkeep?.();
    cancelUpkeep = undefined;
    isSoon = true;
    scheduleUpkeep(SOON);
  }

  const amountOf = ({ line }: Account, nanoUsd: NanoUsd) => (line.unit === 'requests' ? 1 : nanoUsd);
  const isShort = (account: Account, nanoUsd: NanoUsd) => account.held < amountOf(account, nanoUsd);

  function anyIsShort(some: readonly Account[], nanoUsd: NanoUsd): boolean {
    for (const account of some) if (isShort(account, nanoUsd)) return true;
    return false;
  }

  return {
    account(line, now) {
      const known = current.get(line.id);
      if (known !== undefined && now < known.place.to && now >= known.place.from) return known;
      const span = calendar[line.period](now);
      const account = createAccount(line, { scope: line.scope, name: line.name, ...span, unit: line.unit });
      current.set(line.id, account);
      accounts.add(account);
      return account;
    },
    generation: () => generation,
    known(some, forCall) {
      if (areKnown(some)) return;
      const likely = ({ line }: Account) => (!forCall ? 0 : line.unit === 'requests' ? 1 : Math.ceil(usual));
      renew(
        some.filter((account) => !account.known),
        likely,
        (account) => likely(account) * PLENTY,
      );
      scheduleUpkeep();
    },
    lacking(some, nanoUsd) {
      if (!anyIsShort(some, nanoUsd)) return undefined;
      const short = some.filter((account) => isShort(account, nanoUsd));
      // What is used up stays used up: only the next upkeep looks again.
      const spent = short.find((account) => account.known && account.spent >= account.line.limit);
      if (spent !== undefined) return spent;
      renew(short, (account) => amountOf(account, nanoUsd) + ahead(account));
      scheduleUpkeep();
      const lacking = some.filter((account) => isShort(account, nanoUsd));
      // Of several, one that is short whatever others give back says how long it takes.
      return lacking.find((account) => !isOnlyHeld(account, nanoUsd)) ?? lacking[0];
    },
    take(some, nanoUsd) {
      let most = 0;
      for (const account of some) {
        const amount = amountOf(account, nanoUsd);
        account.held -= amount;
        account.reserved += amount;
        account.demand += amount;
        if (account.line.unit === 'nano-usd') most = amount;
      }
      usual = Math.max(most, usual * FADING);
      scheduleUpkeep();
    },
    settle(account, reserved, used) {
      account.reserved -= reserved;
      account.held += reserved - used;
      account.spent += used;
      account.settled += used;
      if (account.settled > 0 && account.settled > left(account) * SHARE) hastenUpkeep();
    },
    close() {
      cancelUpkeep?.();
      cancelUpkeep = undefined;
      accounts.clear();
      current.clear();
      if (!asked) return;
      try {
        store.close();
      } catch (error) {
        // What is held ends by itself: the program's end is no worse for it, and what can't be written is told where it was to be.
        if (!RouterError.is(error)) throw error;
      }
    },
  };
}

function areKnown(some: readonly Account[]): boolean {
  for (const { known } of some) if (!known) return false;
  return true;
}
