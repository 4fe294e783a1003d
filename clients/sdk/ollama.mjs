import { Ollama } from 'ollama';
import { BASE, done, KEY, look, MODEL, must, TOOL, TOOL_PROMPT } from './ask.mjs';

const client = new Ollama({ host: BASE, headers: { authorization: `Bearer ${KEY}` } });
const whole = await client.generate({ model: MODEL, prompt: 'Say hello' });
let stream = '';
for await (const line of await client.chat({
  model: MODEL,
  messages: [{ role: 'user', content: 'Say hello' }],
  stream: true,
})) {
  stream += line.message.content;
}
const tools = [{ type: 'function', function: TOOL }];
const messages = [{ role: 'user', content: TOOL_PROMPT }];
const first = await client.chat({ model: MODEL, messages, tools });
const [call] = first.message.tool_calls ?? [];
must(call !== undefined, 'no tool was called');
messages.push(first.message, { role: 'tool', tool_name: call.function.name, content: look(call.function.arguments) });
const second = await client.chat({ model: MODEL, messages, tools });
done({ whole: whole.response, stream, tool: second.message.content });
