import type { Candidate, EndpointState, Health, ProviderErrorKind, Removal } from '@signalbox/core';
import { type Circuit, createCircuit, liesAhead } from './circuit.ts';

/** A wait that a provider asks for is sat out by the engine up to this; a longer one parks the key. */
const LONGEST_WAIT_MS = 10_000;
const PARK_MS = 30_000;
const LONGEST_PARK_MS = 300_000;
/** How long a key of several rests when its limit is reached and nobody said for how long. */
const REST_MS = 2_000;

/** Failures that say something about the endpoint. A caller's own mistakes, limits and aborts don't. */
const COUNTS: ReadonlySet<ProviderErrorKind> = new Set([
  'overloaded',
  'server',
  'timeout',
  'connect',
  'connection-lost',
  'stream-cut',
  'invalid-response',
]);

/** Failures that will not go away by asking again soon: the key's, not the endpoint's. */
const PARKS: ReadonlySet<ProviderErrorKind> = new Set(['quota', 'authentication', 'permission']);

interface Parked {
  readonly until: number;
  readonly kind: ProviderErrorKind;
}

interface Endpoint {
  readonly candidate: Candidate;
  readonly key: string | undefined;
  readonly circuit: Circuit;
}

/**
 * A circuit breaker for each endpoint (a model at a provider, by one key), and a place to park keys that were refused or are used up: for this
 * model, or for all of the provider's where the key itself is bad. Limits of a caller, refused requests and aborts say nothing and count nothing.
 */
export function createBreaker(): Health {
  const endpoints = new Map<string, Endpoint>();
  const parked = new Map<string, Parked>();
  const turns = new Map<string, number>();

  const endpointOf = (candidate: Candidate, key: string | undefined): Endpoint => {
    const id = name(candidate.id, key);
    let endpoint = endpoints.get(id);
    if (endpoint === undefined) {
      endpoint = { candidate, key, circuit: createCircuit() };
      endpoints.set(id, endpoint);
    }
    return endpoint;
  };

  function parkOf(candidate: Candidate, key: string | undefined, now: number): Parked | undefined {
    const found = [parked.get(name(candidate.id, key)), parked.get(name(candidate.provider.id, key))].filter(
      (one) => one !== undefined && liesAhead(one.until, now, LONGEST_PARK_MS),
    );
    return found.sort((one, other) => (other?.until ?? 0) - (one?.until ?? 0))[0];
  }

  /** Why a key can't be used for a candidate now, and until when. */
  function hindrance(candidate: Candidate, key: string | undefined, now: number) {
    const park = parkOf(candidate, key, now);
    if (park !== undefined) return { until: park.until, reason: `its last answer was "${park.kind}"` };
    const circuit = endpoints.get(name(candidate.id, key))?.circuit;
    if (circuit === undefined || circuit.admits(now)) return undefined;
    return { until: Math.max(now, circuit.openUntil), reason: circuit.reason };
  }

  return {
    unavailable(candidate, now): Removal | undefined {
      if (endpoints.size === 0 && parked.size === 0) return undefined;
      const hindrances = [];
      for (const key of keysOf(candidate)) {
        const found = hindrance(candidate, key, now);
        if (found === undefined) return undefined;
        hindrances.push(found);
      }
      const [first] = hindrances.sort((one, other) => one.until - other.until);
      if (first === undefined) return undefined;
      const seconds = Math.ceil((first.until - now) / 1_000);
      const wait = seconds === 0 ? 'another request is trying it' : `left alone for ${seconds} s`;
      const all = hindrances.length > 1 ? ` (all ${hindrances.length} keys)` : '';
      return { candidate: candidate.id, kind: 'breaker', reason: `${first.reason}${all}, ${wait}` };
    },

    chooseKey(candidate, now, preferred) {
      const keys = keysOf(candidate);
      if (keys.length === 1) {
        endpoints.get(name(candidate.id, keys[0]))?.circuit.take(now);
        return keys[0];
      }
      const wanted = preferred === undefined ? -1 : keys.indexOf(preferred);
      const turn = wanted >= 0 ? wanted : (turns.get(candidate.provider.id) ?? 0);
      if (wanted < 0) turns.set(candidate.provider.id, turn + 1);
      const inTurn = keys.map((_, index) => keys[(turn + index) % keys.length]);
      // Where none may be used and the call is made all the same, the one that may be used soonest.
      const ready = inTurn.find((key) => hindrance(candidate, key, now) === undefined);
      const until = (key: string | undefined) => hindrance(candidate, key, now)?.until ?? 0;
      const key = ready ?? inTurn.reduce((best, one) => (until(one) < until(best) ? one : best));
      endpoints.get(name(candidate.id, key))?.circuit.take(now);
      return key;
    },

    succeeded(candidate, attempt) {
      // Only what has failed before has a circuit to tell.
      const endpoint = endpoints.get(name(candidate.id, attempt.providerKey));
      endpoint?.circuit.succeeded(attempt.startedAt + attempt.durationMs);
    },

    failed(candidate, error, now, { providerKey: key }) {
      const several = (candidate.provider.keys?.length ?? 1) > 1;
      const limited = error.kind === 'rate-limit' && (several || (error.retryAfterMs ?? 0) > LONGEST_WAIT_MS);
      if (PARKS.has(error.kind) || limited) {
        const scope = error.kind === 'authentication' ? candidate.provider.id : candidate.id;
        // A limit's headers stand on refusals of the key, too, and say nothing of those.
        const least = error.kind === 'rate-limit' ? REST_MS : PARK_MS;
        parked.set(name(scope, key), {
          until: now + Math.min(LONGEST_PARK_MS, Math.max(least, error.retryAfterMs ?? least)),
          kind: error.kind,
        });
      }
      const { circuit } = endpointOf(candidate, key);
      if (COUNTS.has(error.kind)) circuit.failed(now);
      else circuit.neutral();
    },

    neutral(candidate, { providerKey }) {
      endpoints.get(name(candidate.id, providerKey))?.circuit.neutral();
    },

    forget(provider) {
      for (const [id, { candidate }] of endpoints) if (candidate.provider.id === provider) endpoints.delete(id);
      const scopes = [`${provider} `, `${provider}/`];
      for (const id of parked.keys())
        if (id === provider || scopes.some((scope) => id.startsWith(scope))) parked.delete(id);
    },

    states: (now) =>
      [...endpoints.values()].map(({ candidate, key, circuit }): EndpointState => {
        const park = parkOf(candidate, key, now);
        const state =
          park !== undefined
            ? 'parked'
            : circuit.openUntil === 0
              ? 'closed'
              : circuit.isOpen(now)
                ? 'open'
                : 'half-open';
        return {
          candidate: candidate.id,
          provider: candidate.provider.id,
          model: candidate.model,
          providerKey: key,
          state,
          failures: circuit.failures,
          ...(state === 'closed' ? {} : { reason: park?.kind ?? circuit.reason }),
          ...(state === 'closed' ? {} : { until: park?.until ?? circuit.openUntil }),
        };
      }),
  };
}

/** A provider of one key, or none, has one endpoint a model, which needs no name. */
function keysOf({ provider }: Candidate): readonly (string | undefined)[] {
  return provider.keys !== undefined && provider.keys.length > 1 ? provider.keys : ONE_KEY;
}
const ONE_KEY = [undefined];

const name = (scope: string, key: string | undefined): string => (key === undefined ? scope : `${scope} ${key}`);
