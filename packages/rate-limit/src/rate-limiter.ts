import type { Admission, AttemptRequest, Candidate, Clock, Removal, Reservation } from '@signalbox/core';
import { aCount, anObject, aPort, aRecordOf, type OptionRules, RouterError, requireOptions } from '@signalbox/core';
import { type Demand, demandOf, tokensUsed } from './demand.ts';
import { type Gate, type Hindrance, longer, NOBODY_AHEAD, type Passage } from './gate.ts';
import { createMemoryStore, type LimitStore } from './limit-store.ts';
import { LIMITS_RULES, PROVIDER_LIMITS_RULES, type ProviderLimits } from './limits.ts';
import { createProviderGates, type ProviderGates } from './provider-gates.ts';
import type { Place, WaitingLine } from './waiting-line.ts';

/** The limits, and where they are counted. */
export interface RateLimiterOptions {
  readonly clock: Clock;
  /** By provider id. A provider that is not among them has only the limits that it reports itself. */
  readonly limits?: Readonly<Record<string, ProviderLimits>> | undefined;
  /** Where limits are counted. Default: in memory. */
  readonly store?: LimitStore | undefined;
  /** Requests that may wait for one provider. Default 1,000. */
  readonly maxWaiting?: number | undefined;
}

const MAX_WAITING = 1_000;
const RULES: OptionRules<RateLimiterOptions> = {
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now', 'after']),
  limits: aRecordOf(anObject('limits, such as { tokensPerMinute: 90_000 }'), 'limits by provider'),
  store: aPort('a store of limits, such as createMemoryStore() gives', ['window']),
  maxWaiting: aCount(0),
};

/** Throws RouterError `configuration` where limits can't be kept to as they are. */
function requireLimits(options: RateLimiterOptions): void {
  const caller = 'createRateLimiter';
  requireOptions(caller, options, RULES, ['clock']);
  for (const [provider, limits] of Object.entries(options.limits ?? {})) {
    requireOptions(`${caller} limits.${provider}`, limits, PROVIDER_LIMITS_RULES);
    for (const [model, own] of Object.entries(limits.models ?? {})) {
      requireOptions(`${caller} limits.${provider}.models.${model}`, own, LIMITS_RULES);
    }
  }
}

/**
 * Keeps to rate limits: those that are configured, which are never exceeded, and those that providers report in their answers' headers. A call that
 * can't be made now is removed where another candidate can answer (`patienceMs` 0), and else waits its turn up to its patience. Each key of a
 * provider has limits of its own; what is reported holds for one model by one key.
 * Throws RouterError `configuration` on limits that can't be kept to.
 *
 * @example
 * ```ts
 * const admission = createRateLimiter({ clock, limits: { openai: { requests: [{ requests: 50, perMs: 60_000 }] } } });
 * const router = createRouter({ providers, admission });
 * ```
 */
export function createRateLimiter(options: RateLimiterOptions): Admission {
  requireLimits(options);
  const { clock, store = createMemoryStore(), maxWaiting = MAX_WAITING } = options;
  const providers = new Map<string, ProviderGates>();

  function gatesOf({ provider }: Candidate): ProviderGates {
    let gates = providers.get(provider.id);
    if (gates === undefined) {
      const limits = options.limits !== undefined && Object.hasOwn(options.limits, provider.id);
      gates = createProviderGates(provider, limits ? options.limits?.[provider.id] : undefined, store, clock);
      providers.set(provider.id, gates);
    }
    return gates;
  }

  return {
    check(candidate, request) {
      const { line, keys, pathTo } = gatesOf(candidate);
      const demand = demandOf(request);
      let soonest: Hindrance | undefined;
      for (const key of keys) {
        const found = hindranceNow(pathTo(key, candidate.model), demand, line, clock.now());
        if (found === undefined) return undefined;
        if (soonest === undefined || found.waitMs < soonest.waitMs) soonest = found;
      }
      return soonest && removal(candidate, soonest);
    },

    reserve(candidate, request) {
      const { line, pathTo } = gatesOf(candidate);
      const path = pathTo(request.providerKey, candidate.model);
      const demand = demandOf(request);
      const now = clock.now();
      const hindrance = hindranceNow(path, demand, line, now);
      if (hindrance === undefined) return reservation(passAll(path, demand, now), line, clock);
      if (request.patienceMs <= 0 || hindrance.never === true) return removal(candidate, hindrance);
      if (line.length >= maxWaiting) {
        const reason = `${hindrance.reason}, and ${line.length} requests wait already`;
        return removal(candidate, { ...hindrance, reason });
      }
      return waitFor(candidate, request, { gates: path, demand }, line, clock);
    },
  };
}

const passAll = (path: readonly Gate[], demand: Demand, now: number) => path.map((gate) => gate.pass(demand, now));

/** Why a call can't be made at once; nobody passes a gate before those who wait for it. */
function hindranceNow(path: readonly Gate[], demand: Demand, line: WaitingLine, now: number): Hindrance | undefined {
  let longest: Hindrance | undefined;
  for (const gate of path) {
    let found = gate.hindrance(demand, NOBODY_AHEAD, now);
    if (found === undefined && line.length > 0 && line.isAwaited(gate)) found = OTHERS_FIRST;
    longest = longer(longest, found);
  }
  return longest;
}

const OTHERS_FIRST: Hindrance = { waitMs: Number.POSITIVE_INFINITY, reason: 'has others waiting for their turn' };

/** Waits for its turn: until the patience is over, or the caller's. Refuses at once where it is known that it would take longer. */
function waitFor(
  candidate: Candidate,
  { patienceMs, signal }: AttemptRequest,
  { gates, demand }: Pick<Place, 'gates' | 'demand'>,
  line: WaitingLine,
  clock: Clock,
): Reservation | Removal | Promise<Reservation | Removal> {
  if (signal?.aborted === true) throw aborted();
  // Measured here, if ever: a request that can't be read is its caller's error, not that of a timer.
  demand.inputTokens();
  let passages: readonly Passage[] | undefined;
  let admitted = (given: readonly Passage[]): void => {
    passages = given;
  };
  const place: Place = { gates, demand, admit: (given) => admitted(given) };
  line.join(place);
  if (passages !== undefined) return reservation(passages, line, clock);

  const expected = line.hindrance(place) ?? OTHERS_FIRST;
  if (expected.never === true || (Number.isFinite(expected.waitMs) && expected.waitMs > patienceMs)) {
    line.leave(place);
    return removal(candidate, expected);
  }
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      stop();
      reject(aborted());
      line.leave(place);
    };
    const cancel = clock.after(patienceMs, () => {
      // Its turn may have come in this very millisecond.
      line.look();
      if (passages !== undefined) return;
      stop();
      resolve(removal(candidate, line.hindrance(place) ?? OTHERS_FIRST));
      line.leave(place);
    });
    signal?.addEventListener('abort', giveUp, { once: true });
    admitted = (given) => {
      passages = given;
      stop();
      resolve(reservation(given, line, clock));
    };
  });
}

function reservation(passages: readonly Passage[], line: WaitingLine, clock: Clock): Reservation {
  let isOpen = true;
  function close(end: (passage: Passage) => void): void {
    if (!isOpen) return;
    isOpen = false;
    for (const passage of passages) end(passage);
    if (line.length > 0) line.look();
  }
  return {
    answered(headers) {
      const now = clock.now();
      for (const passage of passages) passage.answered?.(headers, now);
      if (line.length > 0) line.look();
    },
    settle(attempt) {
      const tokens = tokensUsed(attempt);
      const limited = attempt.error?.kind === 'rate-limit';
      close((passage) => {
        passage.end(tokens);
        if (limited) passage.wasLimited?.();
      });
    },
    release: () => close((passage) => passage.undo()),
  };
}

/** When it is not known when a call will end, it is asked again after so long. */
const USUAL_WAIT_MS = 1_000;

function removal({ id }: Candidate, { waitMs, reason, never }: Hindrance): Removal {
  // Nothing that passes: like a window that is too small.
  if (never === true) return { candidate: id, kind: 'context-window', reason };
  const retryAfterMs = Math.max(1, Math.ceil(Number.isFinite(waitMs) ? waitMs : USUAL_WAIT_MS));
  const when = Number.isFinite(waitMs) ? `, free again in ${Math.ceil(retryAfterMs / 1_000)} s` : '';
  return { candidate: id, kind: 'rate-limit', reason: `${reason}${when}`, retryAfterMs };
}

function aborted(): RouterError {
  return new RouterError({
    kind: 'aborted',
    message: 'The request was given up by the caller while it waited for its turn.',
  });
}
