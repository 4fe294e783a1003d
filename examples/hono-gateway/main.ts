import { serve } from '@hono/node-server';
import { createGateway } from '@signalbox/gateway';
import { createAnthropic } from '@signalbox/provider-anthropic';
import { createOpenAI } from '@signalbox/provider-openai';
import { createRouter } from '@signalbox/router';
import { Hono } from 'hono';

const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, PORT } = process.env;
const router = createRouter({
  providers: [
    createAnthropic({ apiKey: ANTHROPIC_API_KEY, endpoint: ANTHROPIC_BASE_URL }),
    createOpenAI({ apiKey: OPENAI_API_KEY, endpoint: OPENAI_BASE_URL }),
  ],
});
const gateway = createGateway({ router });

// The app as it was before.
const app = new Hono();
app.use(async (context, next) => {
  await next();
  context.header('x-served-by', 'shop');
});
app.get('/', (context) => context.text('The shop is open.'));

// New: every API of the gateway below /llm. The request alone is passed on, so that the app's own middleware sees whole answers.
app.mount('/llm', (request) => gateway.fetch(request));

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT ?? 3000) }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close(() => router.close()));
}
