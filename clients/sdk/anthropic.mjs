import Anthropic from '@anthropic-ai/sdk';
import { BASE, done, KEY, look, MODEL, must, TOOL, TOOL_PROMPT } from './ask.mjs';

const client = new Anthropic({ baseURL: BASE, apiKey: KEY, maxRetries: 0 });
const ask = (messages, more = {}) => ({ model: MODEL, max_tokens: 400, messages, ...more });
const textOf = (message) =>
  message.content
    .filter((block) => block.type === 'text')
    .map((block) => block.text)
    .join('');
const hello = [{ role: 'user', content: 'Say hello' }];
const whole = await client.messages.create(ask(hello));
const stream = await client.messages.stream(ask(hello)).finalMessage();
const tools = [{ name: TOOL.name, description: TOOL.description, input_schema: TOOL.parameters }];
const messages = [{ role: 'user', content: TOOL_PROMPT }];
const first = await client.messages.stream(ask(messages, { tools })).finalMessage();
const call = first.content.find((block) => block.type === 'tool_use');
must(call !== undefined && first.stop_reason === 'tool_use', 'no tool was called');
messages.push({ role: 'assistant', content: first.content });
messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: look(call.input) }] });
const second = await client.messages.create(ask(messages, { tools }));
const counted = await client.messages.countTokens({ model: MODEL, messages: hello });
must(counted.input_tokens > 0, 'tokens are not counted');
done({ whole: textOf(whole), stream: textOf(stream), tool: textOf(second) });
