import { isDeepStrictEqual } from 'node:util';
import type { Expectation, TestRunner } from '../packages/conformance/src/index.ts';

/** How one check of the suite ended. */
export interface CheckResult {
  /** The part of the suite: `answers`, `streams`, `requests`, … */
  readonly group: string;
  readonly title: string;
  readonly passed: boolean;
}

/** Runs a suite that takes its test runner, one check after the other, and gives how each ended. */
export async function recordChecks(describeSuite: (runner: TestRunner) => void): Promise<readonly CheckResult[]> {
  const waiting: { readonly group: string; readonly title: string; readonly body: () => void | Promise<void> }[] = [];
  let group = '';
  describeSuite({
    describe(name, body) {
      group = name;
      body();
    },
    it: (title, body) => waiting.push({ group, title, body }),
    expect: expectation,
  });
  const results: CheckResult[] = [];
  for (const { body, ...check } of waiting) results.push({ ...check, passed: await passes(body) });
  return results;
}

async function passes(body: () => void | Promise<void>): Promise<boolean> {
  try {
    await body();
    return true;
  } catch {
    return false;
  }
}

function expectation(value: unknown, message?: string): Expectation {
  const require = (holds: boolean) => {
    if (!holds) throw new Error(message ?? 'not as expected');
  };
  return {
    toBe: (expected) => require(Object.is(value, expected)),
    toEqual: (expected) => require(isDeepStrictEqual(withoutUndefined(value), withoutUndefined(expected))),
  };
}

/** An absent field and an undefined one are the same to test runners. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, withoutUndefined(member)]])),
  );
}
