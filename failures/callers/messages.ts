import { asArray, asNumber, asObject, asString, type JsonObject } from '../../packages/core/src/index.ts';
import type { Protocol, Reading } from './reading.ts';

/** Anthropic Messages. */
export const messages: Protocol = {
  path: () => '/v1/messages',
  headers: { 'x-api-key': 'caller', 'anthropic-version': '2023-06-01' },
  body: (model, prompt, stream) => ({
    model,
    stream,
    max_tokens: 1_000,
    messages: [{ role: 'user', content: prompt }],
  }),
  endsInFinish: true,
  createEventReader,
  readWhole(body, reading) {
    if (readError(body, reading)) return;
    reading.model = asString(body.model);
    reading.finishReason = asString(body.stop_reason);
    readUsage(body.usage, reading);
    for (const value of asArray(body.content)) {
      const block = asObject(value);
      if (block?.type === 'text') reading.text += asString(block.text) ?? '';
      if (block?.type === 'tool_use') reading.toolArguments.push(JSON.stringify(block.input));
    }
  },
};

function createEventReader(reading: Reading): (event: JsonObject) => void {
  const open = new Map<number, string>();
  let started = false;
  const must = (holds: boolean, what: string) => {
    if (!holds) reading.violations.push(what);
  };
  return (event) => {
    const index = asNumber(event.index) ?? -1;
    switch (event.type) {
      case 'error':
        readError(event, reading);
        break;
      case 'message_start': {
        must(!started, 'a second message_start');
        started = true;
        const message = asObject(event.message);
        reading.model = asString(message?.model) ?? reading.model;
        readUsage(message?.usage, reading);
        break;
      }
      case 'content_block_start': {
        must(started && open.size === 0, 'a block begins where none may begin');
        const kind = asString(asObject(event.content_block)?.type) ?? '';
        open.set(index, kind);
        if (kind === 'tool_use') reading.toolArguments.push('');
        break;
      }
      case 'content_block_delta': {
        must(open.has(index), `a delta for block ${index}, which is not open`);
        const delta = asObject(event.delta);
        reading.text += asString(delta?.text) ?? '';
        const piece = asString(delta?.partial_json);
        if (piece !== undefined) reading.toolArguments.push((reading.toolArguments.pop() ?? '') + piece);
        break;
      }
      case 'content_block_stop':
        must(open.delete(index), `block ${index} ends and was not open`);
        break;
      case 'message_delta': {
        reading.finishReason = asString(asObject(event.delta)?.stop_reason) ?? reading.finishReason;
        reading.model = asString(asObject(event.delta)?.model) ?? reading.model;
        must(asObject(event.usage) !== undefined, 'message_delta without usage');
        readUsage(event.usage, reading);
        break;
      }
      case 'message_stop':
        must(open.size === 0 && reading.finishReason !== undefined, 'message_stop before the end of the message');
        reading.done = true;
    }
  };
}

/** Later counts replace earlier ones, as the official library has it. */
function readUsage(value: unknown, reading: Reading): void {
  const usage = asObject(value);
  if (usage === undefined) return;
  reading.usage = {
    input: usage.input_tokens ?? reading.usage?.input,
    output: usage.output_tokens ?? reading.usage?.output,
  };
}

function readError(body: JsonObject, reading: Reading): boolean {
  const error = asObject(body.error);
  if (error === undefined) return false;
  if (body.type !== 'error') reading.violations.push('an error that is not of type error');
  reading.error = { message: asString(error.message) ?? '', type: asString(error.type) };
  return true;
}
