import type { SQLInputValue } from 'node:sqlite';
import { type Attempt, RouterError } from '@signalbox/core';

/** Which attempts. What is left out does not matter; what is given must hold together. */
export interface LedgerQuery {
  /** Started at this moment or later: Unix milliseconds. */
  readonly from?: number | undefined;
  /** Started before this moment: Unix milliseconds. */
  readonly to?: number | undefined;
  /** The decision's id. */
  readonly decision?: string | undefined;
  readonly provider?: string | undefined;
  /** The id that was sent. */
  readonly model?: string | undefined;
  /** `provider/model id`. */
  readonly candidate?: string | undefined;
  readonly tenant?: string | undefined;
  readonly user?: string | undefined;
  readonly key?: string | undefined;
  readonly session?: string | undefined;
  readonly outcome?: Attempt['outcome'] | undefined;
  readonly simulated?: boolean | undefined;
}

/** Fields that are compared with the number of a name. */
const NAMED = ['provider', 'model', 'candidate', 'tenant', 'user', 'key', 'session', 'outcome'] as const;

/** A condition on `attempts a`, and the values of its marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Throws RouterError `usage` on a moment that is no finite number. */
export function conditionOf(query: LedgerQuery): Condition {
  const terms: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (term: string, value: SQLInputValue) => {
    terms.push(term);
    values.push(value);
  };
  if (query.from !== undefined) add('a.started_at >= ?', moment(query.from, 'from'));
  if (query.to !== undefined) add('a.started_at < ?', moment(query.to, 'to'));
  if (query.decision !== undefined) add('a.decision = (SELECT number FROM decisions WHERE id = ?)', query.decision);
  for (const field of NAMED) {
    const value = query[field];
    if (value !== undefined) add(`a.${field} = (SELECT id FROM names WHERE name = ?)`, value);
  }
  if (query.simulated !== undefined) add('a.simulated = ?', query.simulated ? 1 : 0);
  return { sql: terms.length === 0 ? 'TRUE' : terms.join(' AND '), values };
}

/** A number that a query was given; throws RouterError `usage` where it is none. */
export function moment(value: number, name: string): number {
  if (Number.isFinite(value)) return value;
  throw new RouterError({ kind: 'usage', message: `The query's "${name}" is ${value}: expected Unix milliseconds.` });
}
