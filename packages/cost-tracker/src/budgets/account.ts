import type { NanoUsd, SpendAccount } from '@signalbox/core';
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
  /** The alert rules that act, the lowest threshold first. */
  acting: readonly AlertRule[];
  /** Alerts that some process has claimed and that have not ended, as the store had it when it was asked last. */
  claimed: readonly string[];
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
    acting: NOTHING,
    claimed: NOTHING,
  };
}

const NOTHING: readonly never[] = [];

/** What could be spent at most if the store gave all that is free. */
export function left(account: Account): number {
  return account.line.limit - account.spent - account.others - account.reserved;
}

/** Whether there would be enough if calls under way did not hold the rest. */
export function isOnlyHeld({ line, spent }: Account, nanoUsd: NanoUsd): boolean {
  return line.unit !== 'requests' && line.limit - spent >= nanoUsd && spent < line.limit;
}
