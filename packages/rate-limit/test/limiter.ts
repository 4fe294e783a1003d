import type { Attempt, AttemptRequest, Candidate, Provider, Removal, Reservation, WireHeaders } from '@signalbox/core';
import { createRateLimiter, type RateLimiterOptions } from '../src/index.ts';
import { manualClock } from './manual-clock.ts';

/** A limiter for one provider, in few words. */
export function limiter(
  limits: NonNullable<RateLimiterOptions['limits']>[string] = {},
  rest: Partial<RateLimiterOptions> & { readonly keys?: readonly string[] } = {},
) {
  const { keys, ...options } = rest;
  const clock = manualClock();
  const admission = createRateLimiter({ clock, limits: { acme: limits }, ...options });
  const provider = { id: 'acme', keys } as Provider;
  const model = (name: string): Candidate => ({
    id: `acme/${name}`,
    provider,
    model: name,
    names: [],
    facts: { id: name, provider: 'acme', name, type: 'chat', status: 'active', capabilities: {}, prices: [] },
  });
  const request = (wants: Wants = {}): AttemptRequest => ({
    caller: { tenant: 'local' },
    needs() {
      wants.measured?.();
      return { ...NO_NEEDS, inputTokens: wants.input ?? 10, maxOutputTokens: wants.output ?? 0 };
    },
    patienceMs: wants.patienceMs ?? 0,
    providerKey: wants.key,
    signal: wants.signal,
  });
  const candidate = model('m');
  return {
    clock,
    admission,
    model,
    candidate,
    check: (wants: Wants = {}) => admission.check(wants.on ?? candidate, request(wants)),
    reserve: (wants: Wants = {}) => admission.reserve(wants.on ?? candidate, request(wants)),
    /** Reserves at once; throws the reason where that can't be. */
    take(wants: Wants = {}): Reservation {
      const given = admission.reserve(wants.on ?? candidate, request(wants));
      if (isReservation(given)) return given;
      throw new Error(given instanceof Promise ? 'has to wait' : given?.reason);
    },
  };
}

export interface Wants {
  readonly on?: Candidate;
  readonly key?: string;
  readonly input?: number;
  readonly output?: number;
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
  /** Called when the request is measured. */
  readonly measured?: () => void;
}

const NO_NEEDS = { tools: false, vision: false, pdf: false, audio: false, jsonSchema: false };

export function isReservation(given: unknown): given is Reservation {
  return typeof given === 'object' && given !== null && 'settle' in given;
}

export function attempt(rest: Partial<Attempt> = {}): Attempt {
  return {
    candidate: 'acme/m',
    provider: 'acme',
    model: 'm',
    cause: 'first',
    startedAt: 0,
    durationMs: 0,
    outcome: 'success',
    lane: 'bytes',
    simulated: false,
    notes: [],
    ...rest,
  };
}

export const limited = attempt({
  outcome: 'failure',
  error: { kind: 'rate-limit', message: 'too many requests', status: 429 },
});

/** A call that is answered with these headers and is over. */
export function call(given: Reservation, headers: WireHeaders, end: Attempt = attempt()): void {
  given.answered?.(headers);
  given.settle(end);
}

export const reasonOf = (given: Removal | Reservation | undefined) =>
  given !== undefined && 'reason' in given ? given.reason : undefined;
