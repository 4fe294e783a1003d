import type { Attempt } from './attempt.ts';
import type { Decision } from './decision.ts';
import { RouterError } from './errors.ts';

/**
 * A request that ended without an answer although somebody was, or may have been, asked: its caller gave it up, or a hook does not let the answer through. The error that it ends in, with
 * what was done for it until then.
 */
export class UnansweredRequest extends RouterError {
  readonly isUnansweredRequest = true;
  override readonly name = 'UnansweredRequest';
  readonly decision: Decision;
  readonly attempts: readonly Attempt[];

  constructor(decision: Decision, attempts: readonly Attempt[], cause: RouterError) {
    const { kind, message, parameter, retryAfterMs, scope } = cause;
    super({ kind, message, parameter, retryAfterMs, scope, cause });
    this.decision = decision;
    this.attempts = attempts;
  }

  static override is(error: unknown): error is UnansweredRequest {
    return RouterError.is(error) && 'isUnansweredRequest' in error;
  }
}
