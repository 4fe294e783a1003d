import {
  type Admission,
  type AdmissionRequest,
  aPort,
  type Caller,
  type CallerLimits,
  type Candidate,
  type Clock,
  type OptionRules,
  type Removal,
  requireOptions,
} from '@signalbox/core';
import { type Demand, demandOf, tokensUsed, USUAL_OUTPUT } from './demand.ts';
import { createGate, type Gate, type Hindrance, longer, NOBODY_AHEAD, type Passage } from './gate.ts';
import { createMemoryStore, type LimitStore } from './limit-store.ts';
import type { Limits } from './limits.ts';
import { createMemoryPlaces, type Places } from './places.ts';

/** Where callers' requests are counted. */
export interface CallerLimiterOptions {
  readonly clock: Clock;
  /** Where limits are counted. Default: in memory. */
  readonly store?: LimitStore | undefined;
}

const RULES: OptionRules<CallerLimiterOptions> = {
  clock: aPort('a clock, such as systemClock of @signalbox/router', ['now', 'after']),
  store: aPort('a store of limits, such as createMemoryStore() gives', ['window']),
};

/** What the requests of one key have to pass. */
interface CallerGates {
  /** Requests a minute, and at once: a request counts once, however many attempts it takes. */
  readonly requests: Gate | undefined;
  readonly places: Places | undefined;
  readonly most: number;
  /** Tokens a minute: of every attempt. */
  readonly tokens: Gate | undefined;
  readonly tokensPerMinute: number;
}

/** A request that was let in. */
interface AdmittedCall {
  /** Attempts under way. */
  open: number;
  /** Attempts that were made, or are. */
  made: number;
  request: Passage | undefined;
  /** Gives its place back. */
  leave: ((now: number) => void) | undefined;
}

const MINUTE_MS = 60_000;
/** No token of a request has fewer bytes than this on average. */
const BYTES_PER_TOKEN = 2.5;
/** A request so small beside the limit is not measured: what it took is put right when its answer is there. */
const SMALL = 1 / 50;

/**
 * Keeps to what a caller may ask for (`Caller.limits`): requests and tokens a minute, and requests at once. Who is at a limit is refused at once, with when to come
 * back: nobody's line is made longer by it. Callers without limits pass untouched.
 *
 * @example
 * ```ts
 * const admission = combineAdmissions([createCallerLimiter({ clock }), createRateLimiter({ clock, limits })], clock);
 * ```
 */
export function createCallerLimiter(options: CallerLimiterOptions): Admission {
  requireOptions('createCallerLimiter', options, RULES, ['clock']);
  const { clock, store = createMemoryStore() } = options;
  const byLimits = new WeakMap<CallerLimits, CallerGates>();
  const byName = new Map<string, CallerGates>();
  const calls = new WeakMap<object, AdmittedCall>();

  function gatesOf({ limits, key, user, tenant }: Caller): CallerGates | undefined {
    if (limits === undefined || !countsCalls(limits)) return undefined;
    let gates = byLimits.get(limits);
    if (gates === undefined) {
      // Keys are read anew when one of them is changed: what the others have used must not be forgotten for that.
      const name = `caller ${key ?? user ?? tenant}`;
      const { requestsPerMinute, tokensPerMinute, concurrent } = limits;
      const id = [name, requestsPerMinute, tokensPerMinute, concurrent].join(' ');
      gates = byName.get(id) ?? createCallerGates(name, limits, store);
      byName.set(id, gates);
      byLimits.set(limits, gates);
    }
    return gates;
  }

  function hindrance({ requests, tokens }: CallerGates, demand: Demand): Hindrance | undefined {
    const now = clock.now();
    const byRequests = requests?.hindrance(demand, NOBODY_AHEAD, now);
    return longer(byRequests, tokens?.hindrance(demand, NOBODY_AHEAD, now));
  }

  return {
    check(candidate, request) {
      const gates = gatesOf(request.caller);
      if (gates === undefined) return undefined;
      // Nothing is held for a look: the store that others count in is asked when the place is taken.
      const full = gates.places?.mayBeFree(clock.now()) === false ? taken(gates) : undefined;
      const found = longer(hindrance(gates, roughDemand(request, gates)), full);
      return found && removal(candidate, request.caller, found);
    },

    reserve(candidate, request) {
      const gates = gatesOf(request.caller);
      if (gates === undefined) return undefined;
      const demand = roughDemand(request, gates);
      let call = request.call === undefined ? undefined : calls.get(request.call);
      // Whoever was let in once may fail over: it is the same request.
      if (call === undefined || call.made === 0) {
        const found =
          hindrance(gates, demand) ?? (gates.places?.isFree(clock.now()) === false ? taken(gates) : undefined);
        if (found !== undefined) return removal(candidate, request.caller, found);
      }
      if (call === undefined) {
        call = { open: 0, made: 0, request: undefined, leave: undefined };
        if (request.call !== undefined) calls.set(request.call, call);
      }
      return letThrough(call, gates, demand, clock);
    },
  };
}

/** Whether anything is to be counted here: a caller may have a budget alone. */
function countsCalls({ requestsPerMinute, tokensPerMinute, concurrent }: CallerLimits): boolean {
  return requestsPerMinute !== undefined || tokensPerMinute !== undefined || concurrent !== undefined;
}

function createCallerGates(name: string, limits: CallerLimits, store: LimitStore): CallerGates {
  const { requestsPerMinute, tokensPerMinute, concurrent } = limits;
  const nobodyWaits = () => undefined;
  const gate = (own: Limits) => createGate(own, { name, isShared: false, onFree: nobodyWaits }, store);
  return {
    requests:
      requestsPerMinute === undefined
        ? undefined
        : gate({ requests: [{ requests: requestsPerMinute, perMs: MINUTE_MS }] }),
    places:
      concurrent === undefined
        ? undefined
        : (store.places?.(`${name} at once`, concurrent) ?? createMemoryPlaces(concurrent, { count: 0 })),
    most: concurrent ?? 0,
    tokens: gate({ tokensPerMinute }),
    tokensPerMinute: tokensPerMinute ?? 0,
  };
}

function taken({ most }: CallerGates): Hindrance {
  const reason = `has ${most} ${most === 1 ? 'call' : 'calls'} under way, as many as it may have`;
  return { waitMs: Number.POSITIVE_INFINITY, reason };
}

function letThrough(call: AdmittedCall, gates: CallerGates, demand: Demand, clock: Clock) {
  const now = clock.now();
  call.request ??= gates.requests?.pass(demand, now);
  if (call.open === 0) call.leave = gates.places?.take(now);
  const tokens = gates.tokens?.pass(demand, now);
  call.open += 1;
  call.made += 1;
  let isOpen = true;

  function close(used: number | undefined): void {
    call.open -= 1;
    if (call.open === 0) call.leave?.(clock.now());
    tokens?.end(used);
  }

  return {
    settle(attempt: Parameters<typeof tokensUsed>[0]) {
      if (!isOpen) return;
      isOpen = false;
      close(tokensUsed(attempt));
    },
    release() {
      if (!isOpen) return;
      isOpen = false;
      close(0);
      call.made -= 1;
      if (call.made > 0) return;
      call.request?.undo();
      call.request = undefined;
    },
  };
}

/** What a request wants, measured only where it is not small beside the limit. */
function roughDemand(request: AdmissionRequest, { tokens, tokensPerMinute }: CallerGates): Demand {
  const rough = (request.bytes ?? Number.POSITIVE_INFINITY) / BYTES_PER_TOKEN;
  if (tokens !== undefined && rough > tokensPerMinute * SMALL) return demandOf(request);
  return { inputTokens: () => Math.ceil(rough), outputTokens: () => Math.min(USUAL_OUTPUT, tokensPerMinute * SMALL) };
}

/** When it is not known when a call will end, it is asked again after so long. */
const USUAL_WAIT_MS = 1_000;

function removal({ id }: Candidate, { key, user, tenant }: Caller, { waitMs, reason, never }: Hindrance): Removal {
  const who = key === undefined ? `the caller "${user ?? tenant}"` : `the key "${key}"`;
  if (never === true) return { candidate: id, kind: 'permission', reason: `${who}: ${reason}`, scope: 'caller' };
  const retryAfterMs = Math.max(1, Math.ceil(Number.isFinite(waitMs) ? waitMs : USUAL_WAIT_MS));
  const when = Number.isFinite(waitMs) ? `, free again in ${Math.ceil(retryAfterMs / 1_000)} s` : '';
  return { candidate: id, kind: 'rate-limit', reason: `${who} ${reason}${when}`, retryAfterMs, scope: 'caller' };
}
