import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@signalbox/core';
import { requestIdOf, vendorHeaders } from './answer-headers.ts';
import type { BatchShelf } from './batch-shelf.ts';
import type { Behaviour } from './behaviour.ts';
import { compresses, createBodyWriter } from './body-writer.ts';
import type { Vendor } from './error-answer.ts';
import type { FaultContext } from './fault.ts';
import type { PromptCache } from './prompt-cache.ts';
import type { LimitState, RequestCounter } from './request-limit.ts';
import type { OpenLogEntry } from './request-log.ts';
import type { BehaviourSource } from './script.ts';
import type { SimulatedRequest } from './simulated-request.ts';

/** What all exchanges of a simulator share. */
export interface ExchangeSettings {
  readonly seed: number;
  readonly clock: Clock;
  readonly keys: readonly string[] | undefined;
  readonly models: readonly string[] | undefined;
  readonly behaviours: BehaviourSource;
  readonly cache: PromptCache;
  readonly counter: RequestCounter;
  readonly batches: BatchShelf;
}

export interface ExchangeInput {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly bodyText: string;
  readonly entry: OpenLogEntry;
  /** Which request of the simulator this is, from 1. */
  readonly position: number;
  /** Whether the connection has carried a request before. */
  readonly reused: boolean;
  readonly signal: AbortSignal;
  readonly onBreak: () => void;
}

/** What is known of a request once it is read. */
export interface ExchangeState {
  readonly vendor: Vendor;
  readonly behaviour: Behaviour;
  /** Absent for what asks for no answer of a model, and where it could not be read. */
  readonly request?: SimulatedRequest | undefined;
  /** How it stands with the limit of requests; absent: there is none. */
  readonly limit?: LimitState | undefined;
}

/** What answers and faults of one exchange are played with. */
export function createFaultContext(
  settings: ExchangeSettings,
  input: ExchangeInput,
  { vendor, behaviour, request, limit }: ExchangeState,
): FaultContext {
  const { response, entry, signal } = input;
  const { clock } = settings;
  const requestId = requestIdOf(vendor, settings.seed, input.position);
  return {
    behaviour,
    vendor,
    requestId,
    response,
    clock,
    signal,
    request,
    reused: input.reused,
    playback: {
      behaviour,
      body: createBodyWriter(response, behaviour, clock, signal),
      clock,
      signal,
      onEvent() {
        entry.eventsSent += 1;
      },
      onBreak: input.onBreak,
    },
    begin(status, headers) {
      if (signal.aborted) return;
      entry.status = status;
      if (behaviour.closeDelimited) {
        response.useChunkedEncodingByDefault = false;
        response.shouldKeepAlive = false;
      }
      const own = vendorHeaders(vendor, requestId, clock.now(), limit);
      // Node would write the machine's time, against which a date in `retry-after` would be read.
      const date = new Date(clock.now()).toUTCString();
      response.writeHead(status, { date, ...own, ...headers, ...bodyHeaders(behaviour) });
      if (behaviour.slowFirstToken !== undefined) response.flushHeaders();
    },
  };
}

/** What the head says about the body: true, unless the behaviour wants a lie. */
function bodyHeaders(behaviour: Behaviour): Record<string, string> {
  const encoding = behaviour.contentEncoding ?? (compresses(behaviour) ? 'gzip' : undefined);
  return {
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    ...(behaviour.contentLength === undefined ? {} : { 'content-length': String(behaviour.contentLength) }),
  };
}
