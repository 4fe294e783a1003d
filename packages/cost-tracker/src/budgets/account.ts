import type { SpendAccount } from '@signalbox/core';
import type { AlertRule, BudgetLine } from './budget-plan.ts';

/** What this process knows of one sum: in nano-dollars, or in requests. */
export interface Account {
  readonly line: BudgetLine;
  readonly place: SpendAccount;
  /** By all processes when the store was asked last, and by this one since. */
  spent: number;
  /** Held by other processes when the store was asked last. */
  others: number;
  /** Reserved for calls of this process that are under way. */
  reserved: number;
  /** Held by this process beyond that: may be spent without asking. Below zero where calls cost more than was reserved. */
  held: number;
  /** Settled since the store was asked last. */
  settled: number;
  /** Taken since the last upkeep: how much is worth holding. */
  demand: number;
  /** Whether the store was ever asked. */
  known: boolean;
  /** The store has written nothing down of what is held: it is given back without asking. */
  implicit: boolean;
  /** How many of the alert rules act. */
  level: number;
}

export function createAccount(line: BudgetLine, place: SpendAccount): Account {
  return {
    line,
    place,
    spent: 0,
    others: 0,
    reserved: 0,
    held: 0,
    settled: 0,
    demand: 0,
    known: false,
    implicit: false,
    level: 0,
  };
}

/** What could be spent at most if the store gave all that is free. */
export function left(account: Account): number {
  return account.line.limit - account.spent - account.others - account.reserved;
}

/** Whether nothing acts and nothing begins to: the usual case, in few steps. */
export function isLevel({ level, line, spent }: Account, rules: readonly AlertRule[]): boolean {
  const [first] = rules;
  return level === 0 && (first === undefined || spent < first.threshold * line.limit);
}

/**
 * Brings the account's alert level up to date; answers the rules that begin to act. `rules`: the lowest threshold first. What is reserved does not count: a reservation is the most
 * that a call may cost and mostly given back, so that an alert would tell of money that was never spent, and come and go with each call.
 */
export function raiseLevel(account: Account, rules: readonly AlertRule[]): readonly AlertRule[] {
  const { spent, line, level: before } = account;
  const share = line.limit === 0 ? 1 : spent / line.limit;
  const ahead = rules.findIndex(({ threshold }) => share < threshold);
  account.level = ahead === -1 ? rules.length : ahead;
  return rules.slice(before, account.level);
}
