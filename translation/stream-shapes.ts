import { asArray, asNumber, asObject, asString, type JsonObject, type WireFrame } from '../packages/core/src/index.ts';

/** What is wrong with a stream in the eyes of its API's documentation; nothing where it is as documented. */
type Shape = (frames: readonly WireFrame[], includeUsage: boolean) => readonly string[];

function bodyOf({ data }: WireFrame): JsonObject {
  return asObject(JSON.parse(data)) ?? {};
}

function firstOf(value: unknown): JsonObject {
  return asObject(asArray(value)[0]) ?? {};
}

/** Anthropic: blocks are numbered without gaps and never overlap; one message_delta, behind them; message_stop last. */
const anthropic: Shape = (frames) => {
  const faults: string[] = [];
  const events = frames.map(bodyOf);
  if (events[0]?.type !== 'message_start') faults.push('the first event is no message_start');
  if (events.at(-1)?.type !== 'message_stop') faults.push('the last event is no message_stop');
  let open: number | undefined;
  let next = 0;
  let ends = 0;
  for (const [place, event] of events.entries()) {
    if (frames[place]?.event !== event.type) faults.push(`an event of another name than ${event.type}`);
    const index = asNumber(event.index);
    if (event.type === 'content_block_start') {
      if (open !== undefined || index !== next || ends > 0) faults.push(`block ${index} begins where it may not`);
      open = index;
      next += 1;
    } else if (event.type === 'content_block_delta' || event.type === 'content_block_stop') {
      if (index !== open) faults.push(`${event.type} of block ${index}, which is not open`);
      if (event.type === 'content_block_stop') open = undefined;
    } else if (event.type === 'message_delta') {
      ends += 1;
      const { delta, usage } = event;
      if (open !== undefined || asString(asObject(delta)?.stop_reason) === undefined) faults.push('an unsound end');
      if (asNumber(asObject(usage)?.output_tokens) === undefined) faults.push('an end without counts');
    }
  }
  return ends === 1 ? faults : [...faults, `${ends} message_delta`];
};

/** Chat Completions: the role first, ids and names of calls once, an empty delta with the reason, counts in a chunk of their own. */
const chat: Shape = (frames, includeUsage) => {
  const faults: string[] = [];
  if (frames.at(-1)?.data !== '[DONE]') faults.push('the last frame is not [DONE]');
  const chunks = frames.slice(0, -1).map(bodyOf);
  const calls = new Set<string>();
  const ended = new Set<number>();
  if (asObject(firstOf(chunks[0]?.choices).delta)?.role !== 'assistant') faults.push('the first chunk has no role');
  if (new Set(chunks.map(({ id }) => id)).size > 1) faults.push('the id changes');
  for (const [place, { choices, usage }] of chunks.entries()) {
    const counts = asArray(choices).length === 0;
    if (counts && (!includeUsage || place < chunks.length - 1)) faults.push('a chunk without choices');
    if (!counts && usage !== (includeUsage ? null : undefined)) faults.push('counts beside a choice');
    for (const choice of asArray(choices).map((one) => asObject(one) ?? {})) {
      const index = asNumber(choice.index) ?? 0;
      const delta = asObject(choice.delta) ?? {};
      if (ended.has(index)) faults.push('content behind the end');
      if (choice.finish_reason !== null) {
        ended.add(index);
        if (Object.keys(delta).length > 0) faults.push('the end brings content');
      }
      for (const call of asArray(delta.tool_calls).map((one) => asObject(one) ?? {})) {
        const key = `${index}/${call.index}`;
        if (calls.has(key) === (call.id !== undefined)) faults.push(`call ${key}: its id comes not once`);
        calls.add(key);
      }
    }
  }
  return ended.has(0) ? faults : [...faults, 'no finish_reason'];
};

/** Responses: numbers without gaps, items that are open while they speak, and the whole output at the end. */
const responses: Shape = (frames) => {
  const faults: string[] = [];
  const events = frames.map(bodyOf);
  const open = new Map<number, unknown>();
  const done: JsonObject[] = [];
  let next = 0;
  for (const [place, event] of events.entries()) {
    if (event.sequence_number !== place) faults.push(`sequence_number ${event.sequence_number} at ${place}`);
    if (frames[place]?.event !== event.type) faults.push(`an event of another name than ${event.type}`);
    const index = asNumber(event.output_index);
    const item = asObject(event.item);
    if (index === undefined) continue;
    if (event.type === 'response.output_item.added') {
      if (index !== next || item?.id === undefined)
        faults.push(`item ${index} begins where it may not, or without an id`);
      open.set(index, item?.id);
      next += 1;
    } else if (event.type === 'response.output_item.done') {
      if (open.get(index) !== item?.id) faults.push(`item ${index} ends under another id`);
      open.delete(index);
      if (item !== undefined) done[index] = item;
    } else if (open.get(index) !== event.item_id) faults.push(`${event.type} of an item that is not open`);
  }
  if (events[0]?.type !== 'response.created' || events[1]?.type !== 'response.in_progress')
    faults.push('its beginning');
  const last = asObject(events.at(-1)?.response);
  if (open.size > 0 || JSON.stringify(last?.output) !== JSON.stringify(done))
    faults.push('its end is not what was said');
  return faults;
};

/** Gemini: CRLF, whole calls, and the finish reason in the last chunk. */
const gemini: Shape = (frames) => {
  const chunks = frames.map(bodyOf);
  const faults = chunks.flatMap((chunk, place) => {
    const { finishReason, content, index = 0 } = firstOf(chunk.candidates);
    const isLast = place === chunks.length - 1;
    const ends = finishReason !== undefined || (isLast && chunk.promptFeedback !== undefined);
    const unnamed = asArray(asObject(content)?.parts).some((part) => {
      const call = asObject(asObject(part)?.functionCall);
      return call !== undefined && typeof call.name !== 'string';
    });
    return [
      ...(index === 0 && ends !== isLast ? ['the finish reason is not in the last chunk'] : []),
      ...(unnamed ? ['a call without a name'] : []),
    ];
  });
  const text = frames.map(({ raw }) => new TextDecoder().decode(raw)).join('');
  if (/[^\r]\n/.test(text)) faults.push('a line without CR');
  return new Set(chunks.map(({ responseId }) => responseId)).size > 1 ? [...faults, 'the id changes'] : faults;
};

/** Ollama: whole calls, `done` in the last line alone, with the reason and the durations. */
const ollama: Shape = (frames) => {
  const lines = frames.map(bodyOf);
  const faults = lines.flatMap((line, place) => {
    const calls = asArray(asObject(line.message)?.tool_calls).map((call) => asObject(asObject(call)?.function));
    return [
      ...(line.done === (place === lines.length - 1) ? [] : ['done is not said in the last line alone']),
      ...(calls.every((call) => typeof call?.name === 'string' && asObject(call.arguments)) ? [] : ['half a call']),
    ];
  });
  const last = lines.at(-1);
  const missing = ['done_reason', 'total_duration', 'eval_duration'].filter((key) => last?.[key] === undefined);
  return [...faults, ...missing.map((key) => `the last line has no ${key}`)];
};

/** The documented shape of each API's streams, by the endpoint's name (wire formats, §14). */
export const STREAM_SHAPES: Readonly<Record<string, Shape>> = {
  'anthropic.messages': anthropic,
  'openai.chat': chat,
  'openai.responses': responses,
  'google.generateContent': gemini,
  'ollama.chat': ollama,
};
