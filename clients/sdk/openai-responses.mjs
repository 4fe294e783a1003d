import OpenAI from 'openai';
import { BASE, done, KEY, look, MODEL, must, TOOL, TOOL_PROMPT } from './ask.mjs';

const client = new OpenAI({ baseURL: `${BASE}/v1`, apiKey: KEY, maxRetries: 0 });
const whole = await client.responses.create({ model: MODEL, input: 'Say hello', store: false });
let stream = '';
let completed = false;
for await (const event of await client.responses.create({
  model: MODEL,
  input: 'Say hello',
  store: false,
  stream: true,
})) {
  if (event.type === 'response.output_text.delta') stream += event.delta;
  completed ||= event.type === 'response.completed';
}
must(completed, 'the stream does not end in response.completed');
const tools = [{ type: 'function', ...TOOL, strict: false }];
const input = [{ role: 'user', content: TOOL_PROMPT }];
const first = await client.responses.create({ model: MODEL, input, tools, store: false });
const call = first.output.find((item) => item.type === 'function_call');
must(call !== undefined, 'no tool was called');
input.push(...first.output, {
  type: 'function_call_output',
  call_id: call.call_id,
  output: look(JSON.parse(call.arguments)),
});
const second = await client.responses.create({ model: MODEL, input, tools, store: false });
done({ whole: whole.output_text, stream, tool: second.output_text });
