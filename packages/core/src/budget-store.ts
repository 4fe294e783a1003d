/** Whose use is summed up: everybody's, or that of one user, key, tag, candidate or routing rule. */
export type SpendScope = 'all' | 'user' | 'key' | 'tag' | 'candidate' | 'rule';

/** A sum that a budget is about: what a scope has spent in a span of time. */
export interface SpendAccount {
  readonly scope: SpendScope;
  /** The user, the key's name (`''`: all who showed none), the tag, the candidate's id, or the rule's name; `''` for everybody. */
  readonly name: string;
  /** Unix milliseconds, `to` excluded; whole quarters of an hour, as the days and months of all time zones are. */
  readonly from: number;
  readonly to: number;
  /** What is summed up: nano-dollars, or requests that made a call (a kept answer is none). */
  readonly unit: 'nano-usd' | 'requests';
}

/** How a budget stands. Amounts in its unit: nano-dollars or requests. */
export interface BudgetStanding {
  /** `daily budget`, `daily budget of user ann`. */
  readonly title: string;
  /** Whose it is: `all` and `tag` are shared by several callers. */
  readonly scope: SpendScope;
  readonly period: 'day' | 'month';
  readonly unit: SpendAccount['unit'];
  readonly limit: number;
  readonly spent: number;
  /** Reserved for calls that are under way, in this process, and held by others. */
  readonly reserved: number;
  /** When it began and begins anew: Unix milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** What a process wants to hold of an account, so that it can spend it without asking anybody. */
export interface LeaseWish {
  readonly account: SpendAccount;
  /** What may be spent in all. */
  readonly limit: number;
  /** What is reserved for calls that are under way: it is granted, whatever the limit. */
  readonly reserved: number;
  /** What is wanted beyond that; granted as far as the limit allows it. */
  readonly wanted: number;
  /** Nothing of `wanted` is granted where less than this is free: it is wanted on suspicion, and must not be taken from who needs it. Default: 0. */
  readonly unlessFree?: number | undefined;
  /** What was settled since this process asked last. A store that reads the books it is written in knows it already. */
  readonly settled: number;
  /** Whether the lease is to say which alerts of the account were given. */
  readonly withAlerts?: boolean | undefined;
}

/** What a process gets of a shared budget, in the unit of its account. */
export interface Lease {
  /** What has been spent so far, by all. */
  readonly spent: number;
  /** What other processes hold at the moment. */
  readonly others: number;
  /** What is held from now on, beyond what is reserved: 0 to `wanted`. */
  readonly granted: number;
  /** Nothing was written down for it: it need not be given back by a lease, only by `release`. */
  readonly implicit?: true | undefined;
  /** Alerts of the account that were claimed and have not ended, as of the moment of `spent`. Absent: they were not asked for. */
  readonly alerts?: readonly string[] | undefined;
}

/** What a wish is granted where so much is free. */
export function grantedOf({ wanted, unlessFree = 0 }: LeaseWish, free: number): number {
  return free < unlessFree ? 0 : Math.max(0, Math.min(wanted, free));
}

/** The output of an answer that was complete. */
export interface PastOutput {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly task?: string | undefined;
  readonly outputTokens: number;
}

/** Where budgets are shared: by the processes of a machine, or of a fleet. */
export interface BudgetStore {
  /**
   * Renews what a process holds, all accounts in one step that no other process comes between. What it holds ends by itself at
   * `expiresAt` (Unix milliseconds), so that a process that dies does not keep it. Throws RouterError where the store can't be used.
   */
  lease(wishes: readonly LeaseWish[], expiresAt: number): readonly Lease[];
  /** Told that this process holds nothing more of accounts whose leases were `implicit`. Costs next to nothing, and never throws. */
  release?(accounts: readonly SpendAccount[]): void;
  /** What the newest answers had of output, so many at most: what is usual is learned from them. */
  recentOutputs?(limit: number): readonly PastOutput[];
  /** Whether this is the first time that an alert is given, in any process; it is forgotten at `until` (Unix milliseconds). `account`: which one it is about. */
  claimAlert(id: string, until: number, account?: SpendAccount | undefined): boolean;
  /**
   * Ends an alert, so that it may be claimed anew: where less than `below` is spent of its account, which is looked up in the same step, so that nobody ends by an old
   * figure what another process has just claimed. Answers whether it has ended.
   */
  endAlert(id: string, account: SpendAccount, below: number): boolean;
  /** Gives back everything that this process holds. */
  close(): void;
}
