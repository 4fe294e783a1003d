import type { IncomingMessage, ServerResponse } from 'node:http';
import { asObject, asString, type Clock, type JsonObject, parseJson, RouterError } from '@signalbox/core';
import { requestIdOf, vendorHeaders } from './answer-headers.ts';
import { answerBatchEndpoint } from './batch-endpoint.ts';
import { replyInBatch } from './batch-reply.ts';
import type { BatchShelf } from './batch-shelf.ts';
import type { Behaviour } from './behaviour.ts';
import { compresses, createBodyWriter } from './body-writer.ts';
import { readKey } from './caller-key.ts';
import { extractPromptDirective } from './directive.ts';
import { type ErrorName, errorAnswer, type Vendor } from './error-answer.ts';
import { type FaultContext, playFault, sendError } from './fault.ts';
import { withLayout } from './framing.ts';
import { pause } from './pause.ts';
import { playBody, playStream } from './playback.ts';
import type { PromptCache } from './prompt-cache.ts';
import { composeReply } from './reply.ts';
import { type LimitState, parseRequestLimit, type RequestCounter } from './request-limit.ts';
import type { OpenLogEntry } from './request-log.ts';
import { type AnswerRoute, type BatchRoute, findRoute } from './route.ts';
import type { BehaviourSource } from './script.ts';
import { answerSideEndpoint } from './side-endpoint.ts';
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

/** Answers one request. */
export async function runExchange(settings: ExchangeSettings, input: ExchangeInput): Promise<void> {
  const { message, url, entry, bodyText } = input;
  const path = url.pathname.replace(/\/+$/, '');
  const route = findRoute({
    method: entry.method,
    path,
    query: url.searchParams,
    anthropicVersion: asString(message.headers['anthropic-version']),
  });
  if (!route) return sendNoRoute(input, path);
  const method = route.kind === 'answer' ? 'POST' : route.method;
  const prepare = (behaviour: Behaviour, request?: SimulatedRequest, limit?: LimitState) =>
    createFaultContext(settings, input, route.vendor, behaviour, request, limit);
  if (entry.method !== method && !(method === 'GET' && entry.method === 'HEAD'))
    return sendError(prepare({}), { status: 405, message: `${path} takes ${method}, not ${entry.method}.` }, undefined);

  const key = readKey(message.headers, url.searchParams);
  if (settings.keys && !settings.keys.includes(key ?? ''))
    return sendError(prepare({}), { name: 'invalid_api_key' }, undefined);
  try {
    if (route.kind === 'batch') return await playBatchCall(settings, input, route, prepare, path, key);
    const body = method === 'GET' ? {} : readBody(bodyText);
    const raw = route.kind === 'answer' ? route.read(body) : undefined;
    const model = raw?.model ?? (route.kind === 'side' ? route.model : undefined) ?? asString(body.model);
    entry.format = raw?.format;
    entry.model = model;
    const behaviour = settings.behaviours.behaviourFor(
      { path, format: raw?.format, model, key, prompt: raw?.prompt ?? '' },
      asString(message.headers['x-simulate']),
    );
    const request = raw && { ...raw, prompt: extractPromptDirective(raw.prompt).prompt };
    const wanted = behaviour.rateLimit === undefined ? undefined : parseRequestLimit(behaviour.rateLimit);
    const limit = wanted && settings.counter.count(wanted, key, model, settings.clock.now());
    if (limit?.exceeded) {
      const refusal = prepare({ ...behaviour, retryAfter: `${limit.resetMs}ms` }, request, limit);
      return sendError(refusal, { name: 'rate_limit_exceeded' }, undefined);
    }
    const context = prepare(behaviour, request, limit);
    await pause(settings.clock, behaviour.latency ?? 0, input.signal);
    if (input.signal.aborted || (await playFault(context))) return;
    if (route.kind === 'answer' && request) return await playAnswer(settings, route, request, context, key);
    if (route.kind === 'side') {
      const answer = answerSideEndpoint(route, bodyText, settings.models);
      context.begin(200, { 'content-type': behaviour.contentType ?? 'application/json' });
      await playBody(JSON.stringify(answer), context.playback);
    }
  } catch (error) {
    if (!RouterError.is(error)) throw error;
    await sendError(
      prepare({}),
      { name: 'invalid_request', message: error.message, parameter: error.parameter },
      undefined,
    );
  }
}

/** A call of a batch API: faults as everywhere, then what the endpoint has to say. */
async function playBatchCall(
  settings: ExchangeSettings,
  input: ExchangeInput,
  route: BatchRoute,
  prepare: (behaviour: Behaviour) => FaultContext,
  path: string,
  key: string | undefined,
): Promise<void> {
  const { message, bodyText, url } = input;
  const behaviour = settings.behaviours.behaviourFor(
    { path, format: undefined, model: undefined, key, prompt: '' },
    asString(message.headers['x-simulate']),
  );
  const context = prepare(behaviour);
  await pause(settings.clock, behaviour.latency ?? 0, input.signal);
  if (input.signal.aborted || (await playFault(context))) return;
  const mount = path.replace(/\/(?:v1\/)?(?:messages\/batches|batches|files)(?:\/.*)?$/, '');
  const answer = answerBatchEndpoint({
    route,
    shelf: settings.batches,
    bodyText,
    contentType: asString(message.headers['content-type']) ?? '',
    now: settings.clock.now(),
    base: `http://${message.headers.host ?? url.host}${mount}`,
    reply: (request, vendor) => replyInBatch(settings, request, { vendor, key, requestId: context.requestId }),
  });
  if (typeof answer === 'object' && 'error' in answer && typeof answer.error === 'string')
    return sendError(context, { name: answer.error as ErrorName }, undefined);
  const isLines = typeof answer === 'string';
  context.begin(200, { 'content-type': isLines ? 'application/x-jsonl' : 'application/json' });
  await playBody(isLines ? answer : JSON.stringify(answer), context.playback);
}

async function playAnswer(
  settings: ExchangeSettings,
  route: AnswerRoute,
  request: SimulatedRequest,
  context: FaultContext,
  key: string | undefined,
): Promise<void> {
  const { behaviour, playback } = context;
  const reply = composeReply(request, behaviour, {
    seed: settings.seed,
    now: settings.clock.now(),
    cache: settings.cache.use(request, key ?? ''),
  });
  const error = (): JsonObject => {
    const wanted = {
      name: behaviour.error ?? 'overloaded',
      message: behaviour.message,
      requestId: context.requestId,
    } as const;
    return errorAnswer(route.vendor, wanted).body;
  };
  if (request.stream) {
    context.begin(200, {
      'content-type': behaviour.contentType ?? route.framing.contentType,
      'cache-control': 'no-cache',
    });
    context.response.flushHeaders();
    const createError = (sent: number) => route.format.writeStreamError(error(), reply, request, sent);
    const framing = withLayout(route.framing, behaviour.layout);
    return playStream(route.format.writeStream(reply, request), framing, createError, playback);
  }
  // Without streaming the model's whole time passes before the headers.
  const writing = behaviour.rate === undefined ? 0 : ((reply.usage?.outputTokens ?? 0) * 1000) / behaviour.rate;
  await pause(settings.clock, (behaviour.firstToken ?? 0) + writing, context.signal);
  const broken = behaviour.errorEvent !== undefined;
  context.begin(200, { 'content-type': behaviour.contentType ?? 'application/json' });
  await playBody(JSON.stringify(broken ? error() : route.format.writeJson(reply, request)), playback);
}

function createFaultContext(
  settings: ExchangeSettings,
  input: ExchangeInput,
  vendor: Vendor,
  behaviour: Behaviour,
  request: SimulatedRequest | undefined,
  limit: LimitState | undefined,
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

function readBody(text: string): JsonObject {
  const body = asObject(parseJson(text));
  if (body) return body;
  throw new RouterError({
    kind: 'invalid-request',
    message: 'We could not parse the JSON body of your request: it must be a JSON object.',
  });
}

function sendNoRoute({ response, entry }: ExchangeInput, path: string): void {
  entry.status = 404;
  response.writeHead(404, { 'content-type': 'application/json' });
  const message = `The simulator has no endpoint ${entry.method} ${path || '/'}: see the README of @signalbox/simulator for the list.`;
  response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: 'unknown_url' } }));
}
