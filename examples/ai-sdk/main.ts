import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

const { SIGNALBOX_URL = 'http://127.0.0.1:4141', SIGNALBOX_KEY, SIGNALBOX_MODEL = 'auto' } = process.env;
const signalbox = createOpenAICompatible({
  name: 'signalbox',
  baseURL: `${SIGNALBOX_URL}/v1`,
  apiKey: SIGNALBOX_KEY,
  includeUsage: true,
});
// `auto`: routed. A model's name, `signalbox/cost_optimized` or `anthropic.haiku` would do as well.
const model = signalbox(SIGNALBOX_MODEL);

const whole = await generateText({ model, prompt: 'What is the capital of Portugal?' });
console.log(`${whole.text}\n→ ${whole.response.headers?.['x-signalbox-model']}`);

const stream = streamText({ model, prompt: 'Count to five.' });
for await (const text of stream.textStream) process.stdout.write(text);
console.log(`\n→ ${(await stream.usage).outputTokens} tokens`);

const turn = await generateText({
  model,
  prompt: process.argv[2] ?? 'Is it warm in Lisbon? Look it up.',
  tools: {
    weather: tool({
      description: 'The weather in a city.',
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => `It is 24 degrees in ${city}.`,
    }),
  },
  stopWhen: stepCountIs(3),
});
console.log(`${turn.text}\n→ ${turn.steps.length} steps`);
