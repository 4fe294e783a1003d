import OpenAI from 'openai';
import { BASE, done, KEY, look, MODEL, must, TOOL, TOOL_PROMPT } from './ask.mjs';

const client = new OpenAI({ baseURL: `${BASE}/v1`, apiKey: KEY, maxRetries: 0 });
const user = (content) => ({ role: 'user', content });
const whole = await client.chat.completions.create({ model: MODEL, messages: [user('Say hello')] });
let stream = '';
for await (const chunk of await client.chat.completions.create({
  model: MODEL,
  messages: [user('Say hello')],
  stream: true,
})) {
  stream += chunk.choices[0]?.delta.content ?? '';
}
const tools = [{ type: 'function', function: TOOL }];
const messages = [user(TOOL_PROMPT)];
const first = (await client.chat.completions.create({ model: MODEL, messages, tools })).choices[0].message;
must(first.tool_calls?.length === 1, 'no tool was called');
const [call] = first.tool_calls;
messages.push(first, { role: 'tool', tool_call_id: call.id, content: look(JSON.parse(call.function.arguments)) });
const second = await client.chat.completions.create({ model: MODEL, messages, tools });
done({ whole: whole.choices[0].message.content, stream, tool: second.choices[0].message.content });
