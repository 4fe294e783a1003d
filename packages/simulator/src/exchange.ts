import { asObject, asString, type JsonObject, parseJson, RouterError } from '@signalbox/core';
import { answerBatchEndpoint } from './batch-endpoint.ts';
import { replyInBatch } from './batch-reply.ts';
import type { Behaviour } from './behaviour.ts';
import { readKey } from './caller-key.ts';
import { extractPromptDirective } from './directive.ts';
import { type ErrorName, errorAnswer } from './error-answer.ts';
import { type FaultContext, playFault, sendError } from './fault.ts';
import { createFaultContext, type ExchangeInput, type ExchangeSettings, type ExchangeState } from './fault-context.ts';
import { withLayout } from './framing.ts';
import { pause } from './pause.ts';
import { playBody, playStream } from './playback.ts';
import { composeReply } from './reply.ts';
import { parseRequestLimit } from './request-limit.ts';
import { type AnswerRoute, type BatchRoute, findRoute } from './route.ts';
import { answerSideEndpoint } from './side-endpoint.ts';
import type { SimulatedRequest } from './simulated-request.ts';

type Prepare = (behaviour: Behaviour, known?: Pick<ExchangeState, 'request' | 'limit'>) => FaultContext;

interface BatchAsk {
  readonly route: BatchRoute;
  readonly path: string;
  readonly key: string | undefined;
}

interface AnswerAsk {
  readonly route: AnswerRoute;
  readonly request: SimulatedRequest;
  readonly key: string | undefined;
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
  const prepare: Prepare = (behaviour, known) =>
    createFaultContext(settings, input, { vendor: route.vendor, behaviour, ...known });
  if (entry.method !== method && !(method === 'GET' && entry.method === 'HEAD'))
    return sendError(prepare({}), { status: 405, message: `${path} takes ${method}, not ${entry.method}.` }, undefined);

  const key = readKey(message.headers, url.searchParams);
  if (settings.keys && !settings.keys.includes(key ?? ''))
    return sendError(prepare({}), { name: 'invalid_api_key' }, undefined);
  try {
    if (route.kind === 'batch') return await playBatchCall(settings, input, { route, path, key }, prepare);
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
      const refusal = prepare({ ...behaviour, retryAfter: `${limit.resetMs}ms` }, { request, limit });
      return sendError(refusal, { name: 'rate_limit_exceeded' }, undefined);
    }
    const context = prepare(behaviour, { request, limit });
    await pause(settings.clock, behaviour.latency ?? 0, input.signal);
    if (input.signal.aborted || (await playFault(context))) return;
    if (route.kind === 'answer' && request) return await playAnswer(settings, { route, request, key }, context);
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
  { route, path, key }: BatchAsk,
  prepare: Prepare,
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
  { route, request, key }: AnswerAsk,
  context: FaultContext,
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
