import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

const { SIGNALBOX_URL = 'http://127.0.0.1:4141', SIGNALBOX_KEY = 'none', SIGNALBOX_MODEL = 'auto' } = process.env;
const model = new ChatOpenAI({
  model: SIGNALBOX_MODEL, // `auto`: routed
  apiKey: SIGNALBOX_KEY,
  // The gateway repeats calls and fails over by itself.
  maxRetries: 0,
  configuration: { baseURL: `${SIGNALBOX_URL}/v1` },
});

const whole = await model.invoke('What is the capital of Portugal?');
console.log(`${whole.text}\n→ ${whole.usage_metadata?.output_tokens} tokens`);

for await (const chunk of await model.stream('Count to five.')) process.stdout.write(chunk.text);
console.log();

const weather = tool(async ({ city }) => `It is 24 degrees in ${city}.`, {
  name: 'weather',
  description: 'The weather in a city.',
  schema: z.object({ city: z.string() }),
});
const withTools = model.bindTools([weather]);
const question = new HumanMessage(process.argv[2] ?? 'Is it warm in Lisbon? Look it up.');
const first = await withTools.invoke([question]);
const results = await Promise.all(
  (first.tool_calls ?? []).map((call) => weather.invoke({ ...call, type: 'tool_call' })),
);
const last = await withTools.invoke([question, first, ...results.filter((one) => one instanceof ToolMessage)]);
console.log(`${last.text}\n→ ${results.length} tool calls`);
