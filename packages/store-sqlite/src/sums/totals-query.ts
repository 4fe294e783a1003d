import type { Condition, LedgerQuery } from '../rows/ledger-query.ts';

/** What sums can be taken by. `day`: `YYYY-MM-DD`. */
export type TotalsGroup =
  | 'day'
  | 'provider'
  | 'model'
  | 'candidate'
  | 'strategy'
  | 'taskType'
  | 'outcome'
  | 'tenant'
  | 'user'
  | 'key'
  | 'session'
  | 'tag';

/** Which attempts, and how they are summed up. */
export interface TotalsQuery extends LedgerQuery {
  /** One sum for each combination that occurs. Default: one sum of all. */
  readonly by?: readonly TotalsGroup[] | undefined;
  /** Whose midnight begins a day: this machine's (`local`) or UTC's. Default: `utc`. */
  readonly days?: 'utc' | 'local' | undefined;
  /** Default: `false`, only what was real. */
  readonly simulated?: boolean | undefined;
}

/** Where sums are taken from: the attempts themselves, or the sums that are kept beside them. */
export interface SumsSource {
  readonly from: string;
  /** SQL of the second of a row, for its day. */
  readonly seconds: string;
  readonly columns: Readonly<Partial<Record<Exclude<TotalsGroup, 'day'>, string>>>;
  readonly figures: string;
  readonly condition: Condition;
}
