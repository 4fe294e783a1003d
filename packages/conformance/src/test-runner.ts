/** What the suite needs of a test runner: vitest, jest and others have it. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void | Promise<void>) => unknown;
  readonly expect: (value: unknown, message?: string) => Expectation;
}

/** The assertions that the suite uses. */
export interface Expectation {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
}
