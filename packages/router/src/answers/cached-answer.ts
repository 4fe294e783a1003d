import {
  type Attempt,
  type CacheLookup,
  type CacheMiss,
  type CacheUse,
  type Caller,
  type Candidate,
  type Clock,
  type Decision,
  type Inbound,
  type KeptAnswer,
  type Ledger,
  type ModelRequest,
  type ModelResponse,
  type ResponseCache,
  RouterError,
  type Vault,
} from '@signalbox/core';
import { ownersOf } from '../caller/owner-of.ts';
import { issuedIds, issuedWith } from '../choice/affinity.ts';
import type { Decided } from '../choice/decide.ts';
import type { Holders } from '../kept/holders.ts';
import { createKeepers, type KeeperFor } from '../lanes/answer-keeper.ts';
import { stateKeeping } from '../lanes/canonical-lane.ts';
import { keepReasoning } from '../lanes/reasoning-state.ts';
import { inCallersFormat } from '../lanes/spoken-format.ts';
import { book } from '../money/settle.ts';

/** What the cache had to do with a request. */
export interface CacheOutcome {
  /** `hit`: a kept answer was given. `miss`: there was none; a complete one is kept. `bypass`: the cache had no part in it. */
  readonly status: CacheLookup['kind'];
  /** Of a hit: milliseconds since the answer was given. */
  readonly ageMs?: number | undefined;
  /** Of a hit: how near the question was that it answered, 0 to 1; absent: the very same. */
  readonly similarity?: number | undefined;
  /** Of a bypass: why. */
  readonly reason?: string | undefined;
}

/** A kept answer that is given now, in the place of a call. */
interface CachedAnswer {
  readonly candidate: Candidate;
  readonly response: ModelResponse;
  /** Booked already. */
  readonly attempt: Attempt;
  readonly notes: KeptAnswer['notes'];
}

/** What a router knows when it asks the cache. */
export interface CacheContext {
  readonly inbound: Inbound;
  readonly caller: Caller;
  readonly strict: boolean;
  readonly use: CacheUse;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly ledger: Ledger | undefined;
  readonly vault: Vault;
  readonly holders: Holders;
}

/** What the cache says to a request: an answer, or how to go on. */
export interface CacheReply {
  readonly outcome: CacheOutcome | undefined;
  readonly answer?: CachedAnswer | undefined;
  /** For the attempts: they read along. Absent: nothing is kept. */
  readonly keeperFor?: KeeperFor | undefined;
  /** To be called when the request has ended in whatever way. */
  readonly done: () => void;
}

/** Of a router that keeps nothing. */
export const NO_CACHE: CacheReply = { outcome: undefined, done: () => undefined };

/**
 * Asks the cache for a decision's first choice. A hit makes no call and reserves nothing; it is booked as an attempt that cost nothing and saved what
 * the call had cost. Waits where the same is being asked already. Throws RouterError `aborted`.
 */
export async function askCache(
  cache: ResponseCache,
  { decision, order }: Decided,
  context: CacheContext,
): Promise<CacheReply> {
  const [first] = order;
  if (first === undefined) return NO_CACHE;
  const request = readableRequest(context.inbound);
  if (request === undefined) return { ...NO_CACHE, outcome: { status: 'bypass', reason: "it can't be read" } };
  const { caller, strict, use, signal, clock } = context;
  const startedAt = clock.now();
  const headers = context.inbound.wire?.headers;
  const lookup = await cache.lookup({ caller, candidate: first, request, strict, headers, use, signal });
  if (lookup.kind === 'bypass') return { ...NO_CACHE, outcome: { status: 'bypass', reason: lookup.reason } };
  if (lookup.kind === 'miss') return whenMissed(lookup);
  const { answer: kept, ageMs, similarity } = lookup;
  // Who waited for another request has the answer of whoever gave it to that one.
  const chosen = order.find((one) => one.id === kept.candidate) ?? first;
  const candidate = inCallersFormat(chosen, context.inbound);
  const attempt = attemptOf(kept, startedAt, clock.now());
  await restoreState(candidate, kept.response, context);
  book(context.ledger, decision, attempt, caller);
  return {
    outcome: { status: 'hit', ageMs, similarity },
    answer: { candidate, response: kept.response, attempt, notes: kept.notes },
    done: NO_CACHE.done,
  };
}

/** What is known of a request that a kept answer ends. */
export function recordOfKept(
  { response: _response, attempt, ...answering }: CachedAnswer,
  cache: CacheOutcome | undefined,
  decision: Decision,
) {
  return { ...answering, decision, attempts: [attempt], lane: 'cache' as const, cache };
}

function whenMissed(miss: CacheMiss): CacheReply {
  const keeperFor = createKeepers((candidate, answer) => miss.keep(candidate, answer));
  return { outcome: { status: 'miss' }, keeperFor, done: () => miss.giveUp() };
}

/** The request, unless it is one that only its provider can judge. */
function readableRequest(inbound: Inbound): ModelRequest | undefined {
  try {
    return inbound.request();
  } catch (error) {
    if (RouterError.is(error)) return undefined;
    throw error;
  }
}

function attemptOf(kept: KeptAnswer, startedAt: number, endedAt: number): Attempt {
  const { candidate, provider, model, simulated, response, notes } = kept;
  return {
    candidate,
    provider,
    model,
    cause: 'cache',
    answeredBy: response.model,
    startedAt,
    firstContentMs: endedAt - startedAt,
    durationMs: endedAt - startedAt,
    outcome: 'success',
    lane: 'cache',
    simulated,
    finish: response.finish,
    // What the kept answer took was booked when it was given.
    usage: { inputTokens: 0, outputTokens: 0, provenance: 'counted' },
    cost: { nanoUsd: 0, provenance: 'counted' },
    saved: simulated ? undefined : kept.cost,
    notes,
  };
}

const NOBODY: ReadonlySet<string> = new Set();

/** What a call would have left behind for the requests that follow: thoughts that the caller can't carry, and who keeps the answer. */
async function restoreState(candidate: Candidate, response: ModelResponse, context: CacheContext): Promise<void> {
  const { inbound, caller, vault, holders } = context;
  const state = stateKeeping({ candidate, inbound, vault });
  if (state !== undefined) await keepReasoning(response, state.issuer, caller.tenant, state.vault);
  // The key that it was called with is not kept with an answer; nor is it forgotten, where it is known.
  if (response.id === undefined || issuedIds(candidate, inbound) === undefined) return;
  const known = holders.anew(response.id) ?? { provider: candidate.provider.id, owners: NOBODY };
  const owners = ownersOf(caller);
  if (known.owners !== NOBODY && [...owners].every((owner) => known.owners.has(owner))) return;
  const holder = { ...known, owners: new Set([...known.owners, ...owners]) };
  holders.remember([response.id, ...issuedWith(response, candidate, inbound)], holder, 'now');
}

/** The values of an answer, and a word when they have come to their end, whichever that is. */
export async function* untilDone<Value>(
  values: Iterable<Value> | AsyncIterable<Value>,
  done: () => void = () => undefined,
): AsyncGenerator<Value, void> {
  try {
    yield* values;
  } finally {
    done();
  }
}
