import { formatUsd, responseText } from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import { createRouter } from '@signalbox/router';
import { acme } from './acme.ts';

const { ACME_API_KEY: apiKey, ACME_BASE_URL: endpoint } = process.env;
const router = createRouter({ providers: [acme.create({ apiKey, endpoint })], pricing: createPricing() });

const { response, candidate, attempts } = await router.generate({
  model: 'acme-large',
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: process.argv[2] ?? 'Say hello.' }] }],
  maxOutputTokens: 200,
});
const cost = attempts.at(-1)?.cost;
console.log(responseText(response));
console.log(`→ ${candidate.id} · ${cost === undefined ? 'unknown price' : formatUsd(cost.nanoUsd)}`);
await router.close();
