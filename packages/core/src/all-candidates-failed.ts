import type { Attempt } from './attempt.ts';
import type { Decision } from './decision.ts';
import { type ProviderError, RouterError } from './errors.ts';

/** Every candidate was tried or none is left: the error that ends a request, with each attempt. */
export class AllCandidatesFailed extends RouterError {
  override readonly name = 'AllCandidatesFailed';
  readonly decision: Decision;
  readonly attempts: readonly Attempt[];
  /** The error of the last attempt: what a caller's protocol should show. */
  readonly last: ProviderError;

  constructor(decision: Decision, attempts: readonly Attempt[], last: ProviderError) {
    const tried = attempts.map((attempt) => `${attempt.candidate}: ${attempt.error?.message ?? attempt.outcome}`);
    super({
      kind: 'all-candidates-failed',
      message: tried.length === 1 ? `${tried[0]}` : `All ${tried.length} attempts failed: ${told(tried).join('; ')}.`,
      retryAfterMs: last.retryAfterMs,
      cause: last,
    });
    this.decision = decision;
    this.attempts = attempts;
    this.last = last;
  }

  static override is(error: unknown): error is AllCandidatesFailed {
    return RouterError.is(error) && error.kind === 'all-candidates-failed';
  }
}

/** Each sentence once, with how often it came. */
function told(sentences: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences.map(withoutFullStop)) counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  const all = [...counts].map(([sentence, count]) => (count === 1 ? sentence : `${sentence} (${count} times)`));
  if (all.length <= MOST_TOLD) return all;
  return [...all.slice(0, MOST_TOLD - 1), `and ${all.length - MOST_TOLD + 1} more`];
}

/** Sentences that one error says; `attempts` has all of them. */
const MOST_TOLD = 8;

const withoutFullStop = (sentence: string): string => (sentence.endsWith('.') ? sentence.slice(0, -1) : sentence);
