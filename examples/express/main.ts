import { formatUsd, RouterError, responseText } from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import { createAnthropic } from '@signalbox/provider-anthropic';
import { createOpenAI } from '@signalbox/provider-openai';
import { createRouter } from '@signalbox/router';
import express, { type ErrorRequestHandler } from 'express';

const { ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, OPENAI_API_KEY, OPENAI_BASE_URL, PORT } = process.env;
const router = createRouter({
  providers: [
    createAnthropic({ apiKey: ANTHROPIC_API_KEY, endpoint: ANTHROPIC_BASE_URL }),
    createOpenAI({ apiKey: OPENAI_API_KEY, endpoint: OPENAI_BASE_URL }),
  ],
  pricing: createPricing(),
});

const app = express();
app.use(express.json());

app.post('/ask', async (request, response) => {
  const { prompt, model } = request.body ?? {};
  if (typeof prompt !== 'string' || prompt === '') {
    response.status(400).json({ error: 'Say what you want to know: { "prompt": "…" }.' });
    return;
  }
  // Whoever hangs up no longer pays for an answer.
  const hungUp = new AbortController();
  response.on('close', () => hungUp.abort());
  const result = await router.generate(
    {
      model: typeof model === 'string' ? model : 'claude-sonnet-4-5',
      system: [],
      messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
    },
    { signal: hungUp.signal },
  );
  const cost = result.attempts.at(-1)?.cost;
  response.json({
    text: responseText(result.response),
    model: result.candidate.id,
    attempts: result.attempts.length,
    cost: cost === undefined ? 'unknown' : formatUsd(cost.nanoUsd),
  });
});

const STATUS: Readonly<Record<string, number>> = { 'unknown-model': 404, 'invalid-request': 400, 'rate-limit': 429 };

const onError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent || !RouterError.is(error)) return next(error);
  response.status(STATUS[error.kind] ?? 502).json({ error: error.message, kind: error.kind });
};
app.use(onError);

const server = app.listen(Number(PORT ?? 3000), '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`http://127.0.0.1:${address.port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close(() => router.close()));
}
