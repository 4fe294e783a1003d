import { createPricing } from '@signalbox/cost-tracker';
import { createAnthropic } from '@signalbox/provider-anthropic';
import { createOllama } from '@signalbox/provider-ollama';
import { candidatesOf, createRouter } from '@signalbox/router';
import { bestForTask } from '@signalbox/strategies';
import { createExpectedQuality, createTaskAnalyser } from '@signalbox/task-analysis';
import { privateFirst } from './private-first.ts';

const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL, OLLAMA_BASE_URL } = process.env;
/** Of all that the catalogue knows of these providers. */
const MODELS = ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-4-5', 'mistral:7b'];
const providers = [
  createAnthropic({ apiKey, endpoint: ANTHROPIC_BASE_URL }),
  createOllama({ endpoint: OLLAMA_BASE_URL }),
];
const router = createRouter({
  providers,
  candidates: candidatesOf(providers).filter(({ model }) => MODELS.includes(model)),
  strategy: privateFirst({ words: ['Project Heron', 'payroll'], trusted: ['local'], otherwise: bestForTask() }),
  // What strategies ask for under `needs` comes from these.
  analyser: createTaskAnalyser(),
  quality: createExpectedQuality(),
  pricing: createPricing(),
});

for (const text of ['What is the capital of Portugal?', 'Summarise the goals of Project Heron.']) {
  const { decision, candidate } = await router.generate({
    system: [],
    messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
  });
  console.log(`${text}\n→ ${candidate.id} (${decision.reason}), ${decision.removed.length} left out`);
}
await router.close();
