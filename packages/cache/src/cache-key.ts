import { createHash } from 'node:crypto';
import type { CacheQuestion, Candidate, ModelRequest } from '@signalbox/core';
import { canonicalJson } from './canonical-json.ts';
import { requestEssence } from './request-essence.ts';

/** Goes up whenever the form of what is kept, or the meaning of a key, changes: older answers are then no longer found. */
const VERSION = 1;

/** Headers that go along to the provider and change what it does: versions and betas. */
const HEADERS = ['anthropic-version', 'anthropic-beta', 'openai-beta'] as const;

/** Says what stands behind a candidate beside its name: the endpoint, say. It is hashed, never kept. */
export type UpstreamOf = (candidate: Candidate) => string;

/**
 * The key of an answer: SHA-256 in hexadecimal, of the tenant, the candidate that answers and whatever is behind it, and all of the request that can
 * change the answer. The order of members in objects does not matter.
 */
export function cacheKey(question: CacheQuestion, candidate: Candidate, upstreamOf: UpstreamOf): string {
  return hash(question, candidate, upstreamOf, requestEssence(question.request));
}

/** The same for all that a question has but its last words, which have to be near and not equal. */
export function scopeKey(
  question: CacheQuestion,
  upstreamOf: UpstreamOf,
  withoutText: ModelRequest,
  marks: readonly string[],
): string {
  return hash(question, question.candidate, upstreamOf, { ...requestEssence(withoutText), marks });
}

function hash(question: CacheQuestion, candidate: Candidate, upstreamOf: UpstreamOf, request: object): string {
  const { caller, headers = {}, strict } = question;
  const whole = canonicalJson({
    version: VERSION,
    tenant: caller.tenant,
    candidate: candidate.id,
    model: candidate.model,
    // A made-up answer must never be given for a real one.
    simulated: candidate.provider.simulated,
    upstream: upstreamOf(candidate),
    headers: HEADERS.map((name) => headers[name]),
    strict,
    request,
  });
  return createHash('sha256').update(whole).digest('hex');
}
