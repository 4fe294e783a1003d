import { AllCandidatesFailed, type Caller, ProviderError, type ProviderErrorKind } from '@signalbox/core';
import type { Router } from '@signalbox/router';

/**
 * Failures that are between a provider and whoever runs the gateway. The provider's words for them may name the account, the organisation or what is owed, and tell callers nothing
 * that they could act on.
 */
const SENTENCES: Readonly<Partial<Record<ProviderErrorKind, string>>> = {
  authentication: 'the provider refuses the key that this gateway has',
  permission: 'the provider does not allow this to the key that this gateway has',
  quota: "this gateway's account with the provider is used up",
  'rate-limit': "this gateway's limit at the provider is reached",
};

/**
 * An error as a caller who came with a key may hear of it: of our account with a provider its kind alone, never the provider's words. Who needs no key runs the gateway himself, and
 * who is called with the caller's own credential speaks of the caller's account: both stay as they are.
 */
export function withoutAccountWords(error: unknown, caller: Caller | undefined, { candidates }: Router): unknown {
  if (caller === undefined || caller.unproven === true) return error;
  const onCallersBill = new Set(
    candidates.filter(({ provider }) => provider.callerCredentials === true).map(({ provider }) => provider.id),
  );
  if (ProviderError.is(error)) return reworded(error, onCallersBill);
  if (!AllCandidatesFailed.is(error)) return error;
  const attempts = error.attempts.map((attempt) => {
    const sentence = attempt.error && sentenceFor(attempt.error.kind, attempt.provider, onCallersBill);
    return attempt.error === undefined || sentence === undefined
      ? attempt
      : { ...attempt, error: { ...attempt.error, message: sentence } };
  });
  const provider = error.last.provider ?? attempts.at(-1)?.provider;
  return new AllCandidatesFailed(error.decision, attempts, reworded(error.last, onCallersBill, provider));
}

function reworded(
  error: ProviderError,
  onCallersBill: ReadonlySet<string>,
  provider: string | undefined = error.provider,
): ProviderError {
  const message = sentenceFor(error.kind, provider, onCallersBill);
  if (message === undefined) return error;
  const { kind, status, code, retryAfterMs, requestId } = error;
  return new ProviderError({ kind, message: `${sentence(message)}.`, provider, status, code, retryAfterMs, requestId });
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function sentenceFor(
  kind: ProviderErrorKind,
  provider: string | undefined,
  onCallersBill: ReadonlySet<string>,
): string | undefined {
  return provider !== undefined && onCallersBill.has(provider) ? undefined : SENTENCES[kind];
}
