import { asArray, asNumber, asObject, asString, type JsonObject } from '../../packages/core/src/index.ts';
import type { Protocol, Reading } from './reading.ts';

const LAST_EVENTS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** OpenAI Responses. */
export const responses: Protocol = {
  path: () => '/v1/responses',
  headers: { authorization: 'Bearer caller' },
  body: (model, prompt, stream) => ({ model, stream, input: prompt, store: false }),
  endsInFinish: true,
  createEventReader,
  readWhole(body, reading) {
    if (asObject(body.error) !== undefined) readError(body.error, reading);
    else readResponse(body, reading, true);
  },
};

function createEventReader(reading: Reading): (event: JsonObject) => void {
  const items = new Map<string, string>();
  let expected: number | undefined;
  const must = (holds: boolean, what: string) => {
    if (!holds) reading.violations.push(what);
  };
  return (event) => {
    const type = asString(event.type) ?? '';
    const sequence = asNumber(event.sequence_number);
    if (sequence !== undefined) {
      must(expected === undefined || sequence >= expected, `sequence_number ${sequence} after ${(expected ?? 0) - 1}`);
      expected = sequence + 1;
    }
    if (type === 'error') readError(asObject(event.error) ?? event, reading);
    else if (type === 'response.output_item.added') {
      const item = asObject(event.item);
      items.set(asString(item?.id) ?? '', asString(item?.type) ?? '');
      if (item?.type === 'function_call') reading.toolArguments.push('');
    } else if (type === 'response.output_text.delta') {
      must(items.get(asString(event.item_id) ?? '') === 'message', 'text for an item that is no open message');
      reading.text += asString(event.delta) ?? '';
    } else if (type === 'response.function_call_arguments.delta') {
      must(items.get(asString(event.item_id) ?? '') === 'function_call', 'arguments for an item that is no open call');
      reading.toolArguments.push((reading.toolArguments.pop() ?? '') + (asString(event.delta) ?? ''));
    } else if (type === 'response.output_item.done') {
      must(items.delete(asString(asObject(event.item)?.id) ?? ''), 'an item ends and was not open');
    } else if (LAST_EVENTS.has(type)) {
      const response = asObject(event.response) ?? {};
      const text = reading.text;
      readResponse(response, reading, false);
      if (type === 'response.failed') readError(response.error, reading);
      else {
        must(items.size === 0, 'the answer ends while an item is open');
        must(outputText(response) === text, 'the last event holds another text than the deltas');
      }
      reading.done = true;
    }
  };
}

function readResponse(response: JsonObject, reading: Reading, whole: boolean): void {
  reading.model = asString(response.model) ?? reading.model;
  const reason = asString(asObject(response.incomplete_details)?.reason);
  reading.finishReason = reason === 'max_output_tokens' ? 'length' : (reason ?? asString(response.status));
  const usage = asObject(response.usage);
  if (usage !== undefined) {
    reading.usage = { input: usage.input_tokens, output: usage.output_tokens, total: usage.total_tokens };
  }
  if (whole) reading.text = outputText(response);
}

function outputText(response: JsonObject): string {
  return asArray(response.output)
    .flatMap((item) => asArray(asObject(item)?.content))
    .map((part) => (asObject(part)?.type === 'output_text' ? (asString(asObject(part)?.text) ?? '') : ''))
    .join('');
}

function readError(value: unknown, reading: Reading): void {
  const error = asObject(value) ?? {};
  reading.error = {
    message: asString(error.message) ?? '',
    type: asString(error.type),
    code: asString(error.code) ?? undefined,
  };
}
