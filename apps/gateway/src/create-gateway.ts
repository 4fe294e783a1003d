import { anthropicMessages } from '@signalbox/format-anthropic';
import { openaiChat } from '@signalbox/format-openai';
import type { Router } from '@signalbox/router';
import { Hono } from 'hono';
import type { GatewayBindings } from './exchange.ts';
import { inboundApi } from './inbound-api.ts';
import { localOnly } from './local-only.ts';
import { modelsApi } from './models-api.ts';

export interface GatewayOptions {
  readonly router: Router;
  /** Bytes of a request body at most; default 32 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Gets faults of the gateway itself, for a log. Default: stderr. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * The gateway as a Hono app: mount it, serve it, or call `app.request()` in a test.
 *
 * @example
 * ```ts
 * const app = createGateway({ router });
 * const answer = await app.request('/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'auto', messages }) });
 * ```
 */
export function createGateway(options: GatewayOptions): Hono<{ Bindings: GatewayBindings | undefined }> {
  const { router } = options;
  const api = {
    router,
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    onFault: options.onFault ?? ((error: unknown) => console.error('signalbox gateway:', error)),
  };
  const app = new Hono<{ Bindings: GatewayBindings | undefined }>();
  app.use(localOnly());
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/v1/models', modelsApi(router.candidates));
  app.post('/v1/messages', inboundApi(anthropicMessages, api));
  app.post('/v1/chat/completions', inboundApi(openaiChat, api));
  app.notFound((context) => {
    const message = `There is no ${context.req.method} ${context.req.path} here: this gateway has POST /v1/messages, POST /v1/chat/completions and GET /v1/models.`;
    return context.json({ type: 'error', error: { type: 'not_found_error', message } }, 404);
  });
  return app;
}
