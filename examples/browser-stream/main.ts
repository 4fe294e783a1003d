import { readFile } from 'node:fs/promises';
import { serve } from '@hono/node-server';
import { formatUsd } from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import { createAnthropic } from '@signalbox/provider-anthropic';
import { createRouter } from '@signalbox/router';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';

const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: endpoint, PORT } = process.env;
const router = createRouter({ providers: [createAnthropic({ apiKey, endpoint })], pricing: createPricing() });
const MODEL = 'claude-sonnet-4-5';

const app = new Hono();
const file = (name: string) => readFile(new URL(`public/${name}`, import.meta.url), 'utf8');
app.get('/', async (context) => context.html(await file('index.html')));
app.get('/read-events.js', async (context) =>
  context.body(await file('read-events.js'), 200, { 'content-type': 'text/javascript' }),
);

app.post('/ask', async (context) => {
  const { prompt } = await context.req.json<{ prompt: string }>();
  return streamSSE(context, async (stream) => {
    // The page was closed, or "Stop" was pressed: the provider is told, and nothing more is paid for.
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    try {
      const result = await router.stream(
        { model: MODEL, system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }] },
        { signal: gone.signal },
      );
      for await (const event of result.events) {
        if (event.type === 'text-delta') await stream.writeSSE({ event: 'text', data: JSON.stringify(event.text) });
      }
      const cost = result.attempts.at(-1)?.cost;
      const done = { model: result.candidate.id, cost: cost === undefined ? 'unknown' : formatUsd(cost.nanoUsd) };
      await stream.writeSSE({ event: 'done', data: JSON.stringify(done) });
    } catch (error) {
      // An answer that breaks off says so: without `done` the page knows that it is not whole.
      const sentence = error instanceof Error ? error.message : 'Something went wrong.';
      if (!gone.signal.aborted) await stream.writeSSE({ event: 'failed', data: JSON.stringify(sentence) });
    }
  });
});

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT ?? 3000) }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close(() => router.close()));
}
