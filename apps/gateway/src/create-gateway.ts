import { randomUUID } from 'node:crypto';
import { RouterError, requireOptions } from '@signalbox/core';
import { anthropicMessages } from '@signalbox/format-anthropic';
import { ollamaChat, ollamaEmbeddings, ollamaGenerate } from '@signalbox/format-ollama';
import { openaiChat, openaiResponses } from '@signalbox/format-openai';
import { type Router, withHooks } from '@signalbox/router';
import { Hono } from 'hono';
import { createGatekeeper } from './access/gatekeeper.ts';
import { allowWebPages } from './access/web-pages.ts';
import type { AdminOptions } from './admin/admin-options.ts';
import { createKeepAlive } from './answer/keep-alive.ts';
import { SAFE_HEADERS } from './answer/safe-headers.ts';
import { errorAnswer, idHeaders, watch } from './apis/api-options.ts';
import { embeddingApi } from './apis/embedding-api.ts';
import { explainApi } from './apis/explain-api.ts';
import { feedbackApi } from './apis/feedback-api.ts';
import { geminiApi } from './apis/gemini-api.ts';
import { healthApi, readyApi } from './apis/health-api.ts';
import { inboundApi } from './apis/inbound-api.ts';
import { keptAnswerApi } from './apis/kept-answer-api.ts';
import { geminiModelApi, geminiModelsApi, modelApi, modelsApi } from './apis/models-api.ts';
import { OLLAMA_VERSION, ollamaShowApi, ollamaTagsApi } from './apis/ollama-api.ts';
import { tokenCountingApi } from './apis/token-counting-api.ts';
import { noCompaction, noConversations, unknownPath } from './apis/unknown-path.ts';
import { usageApi } from './apis/usage-api.ts';
import { GATEWAY_RULES, type GatewayOptions } from './gateway-options.ts';
import type { RequestRecord } from './metrics/request-record.ts';
import type { GatewayContext, GatewayEnvironment } from './request/exchange.ts';
import { formatOfPath } from './request/format-of-path.ts';
import { createItemShelf } from './request/item-shelf.ts';
import type { DirectOptions } from './server/direct-listener.ts';
import { createDrain, type Drain } from './server/drain.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const SILENCE_MS = 15_000;
const NO_WEB_SOCKET = new RouterError({ kind: 'invalid-request', message: 'Use POST: there is no WebSocket here.' });

/**
 * The gateway as a Hono app: mount it, serve it, or call `app.request()` in a test. Throws RouterError `configuration` for a bad option.
 *
 * @example
 * ```ts
 * const app = createGateway({ router });
 * const answer = await app.request('/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'auto', messages }) });
 * ```
 */
export function createGateway(options: GatewayOptions): Hono<GatewayEnvironment> {
  requireOptions('createGateway', options, GATEWAY_RULES, ['router']);
  return createDrainableGateway(options, createDrain()).app;
}

/** The app, and what answers calls to models past it (`direct-listener.ts`). */
interface DrainableGateway extends Omit<DirectOptions, 'others'> {
  readonly app: Hono<GatewayEnvironment>;
}

/** The same, with the end of its life in the hands of whoever serves it. */
export function createDrainableGateway(options: GatewayOptions, drain: Drain): DrainableGateway {
  const { routes } = options;
  const router = options.hooks === undefined ? options.router : withHooks(options.router, options.hooks);
  const api = {
    router,
    routes,
    standings: options.standings,
    shelf: createItemShelf(options.now ?? Date.now),
    keepAlive: createKeepAlive(options.silenceMs ?? SILENCE_MS),
    countTokens: options.countTokens ?? 'estimate',
    corsOrigins: options.corsOrigins ?? [],
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    onFault: options.onFault ?? ((error: unknown) => console.error('signalbox gateway:', error)),
    onRequest: listenersOf(options),
  };
  const gatekeeper = createGatekeeper(options);
  const app = new Hono<GatewayEnvironment>();
  app.use(drain.middleware);
  if (options.admin !== undefined) app.all('/admin/v1/*', lazyAdminApi(options.admin, router, options, api.onFault));
  allowWebPages(app, api.corsOrigins);
  app.use(async (context, next) => {
    try {
      const admitted = gatekeeper(context);
      const { caller, opener } = admitted instanceof Promise ? await admitted : admitted;
      context.set('caller', caller);
      context.set('opener', opener);
    } catch (error) {
      const format = formatOfPath(context);
      return errorAnswer(error, format, api, watch(format.id, context, api));
    }
    await next();
  });
  // Answers to POST bring them along: most of those are written past Hono.
  app.get('*', async (context, next) => {
    await next();
    const { headers } = context.res;
    const more = headers.has('x-request-id') ? SAFE_HEADERS : idHeaders(randomUUID());
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
  });
  app.get('/healthz', (context) =>
    drain.draining ? context.json({ status: 'draining', running: drain.running }, 503) : context.json({ status: 'ok' }),
  );
  // Claude Code and Ollama's clients look whether somebody is there (HEAD is answered like GET).
  app.get('/', (context) => context.text('Signalbox is running'));
  app.get('/api/hello', (context) => context.json({ status: 'ok' }));
  app.get('/openapi.json', async () => Response.json((await import('./admin/public-document.ts')).publicDocument()));
  app.get('/readyz', readyApi(router, options.notReady));
  app.get('/health/providers', healthApi(router));
  const { metrics } = options;
  if (metrics !== undefined) {
    metrics.watch(router);
    app.get('/metrics', async (context) =>
      context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
    );
  }
  app.get('/v1/models', modelsApi(api));
  app.get('/v1/models/:rest{.+}', modelApi(api));
  app.get('/api/oauth/usage', usageApi(api));
  const handlers = new Map([
    ['/v1/messages', inboundApi(anthropicMessages, api)],
    ['/v1/chat/completions', inboundApi(openaiChat, api)],
    ['/v1/responses', inboundApi(openaiResponses, api)],
    ['/api/chat', inboundApi(ollamaChat, api)],
    ['/api/generate', inboundApi(ollamaGenerate, api)],
  ]);
  for (const [path, handler] of handlers) app.post(path, handler);
  const keptAnswers = keptAnswerApi(openaiResponses, api);
  app.post('/v1/messages/count_tokens', tokenCountingApi(anthropicMessages, api));
  app.post('/v1/responses/input_tokens', tokenCountingApi(openaiResponses, api));
  // Codex tries a WebSocket first; this answer makes it go on over HTTP at once, whose name it has to bear (RFC 9110, 15.5.22).
  app.use('/v1/responses', async (context, next) => {
    if (!asksForWebSocket(context)) return next();
    const { body } = openaiChat.server.encodeError(NO_WEB_SOCKET);
    return context.json(body, 426, { upgrade: 'HTTP/1.1', connection: 'upgrade' });
  });
  app.post('/v1/responses/compact', () => noCompaction());
  for (const [method, path] of [
    ['GET', '/v1/responses/:id'],
    ['DELETE', '/v1/responses/:id'],
    ['GET', '/v1/responses/:id/input_items'],
    ['POST', '/v1/responses/:id/cancel'],
  ] as const) {
    app.on(method, path, keptAnswers);
  }
  for (const path of ['/v1/conversations', '/v1/conversations/*']) app.all(path, () => noConversations());
  app.post('/v1/explain', explainApi(api));
  app.post('/v1/feedback', feedbackApi(options.feedback, api));
  app.post('/v1/embeddings', embeddingApi(openaiChat, api));
  app.get('/v1beta/models', geminiModelsApi(api));
  app.get('/v1beta/models/:rest{.+}', geminiModelApi(api));
  // Google's own libraries say v1 or v1beta, by their age.
  app.post('/v1beta/models/:rest{.+:.+}', geminiApi(api));
  app.post('/v1/models/:rest{.+:.+}', geminiApi(api));
  app.post('/api/embed', embeddingApi(ollamaChat, api));
  // What clients asked before /api/embed was there.
  app.post('/api/embeddings', embeddingApi(ollamaEmbeddings, api));
  app.post('/api/show', ollamaShowApi(api));
  app.get('/api/tags', ollamaTagsApi(api));
  // Whatever is loaded is loaded elsewhere.
  app.get('/api/ps', (context) => context.json({ models: [] }));
  app.get('/api/version', (context) => context.json({ version: OLLAMA_VERSION }));
  app.onError((error, context) => errorAnswer(error, formatOfPath(context), api));
  app.notFound(unknownPath(() => app.routes));
  return { app, handlers, gatekeeper, drain, maxBodyBytes: api.maxBodyBytes, corsOrigins: api.corsOrigins };
}

/** A proxy between takes `upgrade` away as a rule, and leaves the rest of the handshake. */
const asksForWebSocket = ({ req }: GatewayContext) =>
  req.method === 'GET' && (req.header('upgrade') !== undefined || req.header('sec-websocket-version') !== undefined);

/** Loaded with the first call: who has no use for it does not wait for it. Ahead of all that is for callers: no page is let near, no key opens it. */
function lazyAdminApi(
  admin: AdminOptions,
  router: Router,
  { now = Date.now }: GatewayOptions,
  onFault: (error: unknown) => void,
): (context: GatewayContext) => Promise<Response> {
  let loading: Promise<(context: GatewayContext) => Promise<Response>> | undefined;
  return async (context) => {
    loading ??= import('./admin/admin-api.ts').then(({ adminApi }) => adminApi(admin, router, now, onFault));
    return (await loading)(context);
  };
}

function listenersOf({ metrics, onRequest }: GatewayOptions): ((record: RequestRecord) => void) | undefined {
  if (metrics === undefined || onRequest === undefined) return metrics?.request ?? onRequest;
  return (record) => {
    metrics.request(record);
    onRequest(record);
  };
}
