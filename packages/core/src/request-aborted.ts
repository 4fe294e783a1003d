import type { Attempt } from './attempt.ts';
import type { Decision } from './decision.ts';
import { RouterError } from './errors.ts';

/** The caller gave a request up before it had an answer: the error that ends it, with what was done for it until then. */
export class RequestAborted extends RouterError {
  override readonly name = 'RequestAborted';
  readonly decision: Decision;
  readonly attempts: readonly Attempt[];

  constructor(decision: Decision, attempts: readonly Attempt[], cause: RouterError) {
    super({ kind: 'aborted', message: cause.message, cause });
    this.decision = decision;
    this.attempts = attempts;
  }

  /** Whoever gave up before there was a decision is an `aborted` RouterError and nothing more. */
  static override is(error: unknown): error is RequestAborted {
    return RouterError.is(error) && error.kind === 'aborted' && 'attempts' in error;
  }
}
