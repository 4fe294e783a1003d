import { AllCandidatesFailed, ProviderError, RouterError, type RouterErrorKind } from '@signalbox/core';

/** What the exit codes mean; documented in `signalbox --help`. */
export const EXIT = { success: 0, failure: 1, usage: 2, budget: 3, interrupted: 130 } as const;

const CODE_BY_KIND: Readonly<Partial<Record<RouterErrorKind, number>>> = {
  usage: EXIT.usage,
  configuration: EXIT.usage,
  'unknown-model': EXIT.usage,
  'not-found': EXIT.usage,
  'missing-key': EXIT.usage,
  untrusted: EXIT.usage,
  'invalid-request': EXIT.usage,
  unsupported: EXIT.usage,
  budget: EXIT.budget,
  aborted: EXIT.interrupted,
};

/** The exit code for an error. */
export function exitCodeFor(error: unknown): number {
  if (isOutOfMoney(error)) return EXIT.budget;
  if (AllCandidatesFailed.is(error) || !RouterError.is(error)) return EXIT.failure;
  return CODE_BY_KIND[error.kind] ?? EXIT.failure;
}

/** Whether a stream was stopped by us because its money was spent. */
export function isOutOfMoney(error: unknown): boolean {
  return ProviderError.is(error) && RouterError.is(error.cause) && error.cause.kind === 'budget';
}
