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

/** How far an alert must be left behind before it ends: a reservation that comes and goes does not make it flicker. */
const HYSTERESIS = 0.05;

/** Whether nothing acts and nothing begins to: the usual case, in few steps. */
export function isLevel({ level, line, spent, reserved }: Account, rules: readonly AlertRule[]): boolean {
  const [first] = rules;
  return level === 0 && (first === undefined || spent + reserved < first.threshold * line.limit);
}

/** Brings the account's alert level up to date; answers the rules that begin to act. `rules`: the lowest threshold first. */
export function raiseLevel(account: Account, rules: readonly AlertRule[]): readonly AlertRule[] {
  const { limit } = account.line;
  const used = account.spent + account.reserved;
  const share = limit === 0 ? 1 : used / limit;
  const before = account.level;
  for (let next = rules[account.level]; next !== undefined && share >= next.threshold; next = rules[account.level]) {
    account.level += 1;
  }
  for (
    let last = rules[account.level - 1];
    last !== undefined && share < last.threshold - HYSTERESIS;
    last = rules[account.level - 1]
  ) {
    account.level -= 1;
  }
  return rules.slice(before, account.level);
}
