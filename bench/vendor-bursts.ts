import type { WireFormat } from '../packages/core/src/index.ts';

/**
 * Answers as vendors stream them: members, ids, padding, numbering and the size of a piece are those of recorded streams
 * (Anthropic pads its events with blanks, OpenAI with `obfuscation`, Gemini counts tokens in every chunk, Ollama writes the time).
 */

/** What models write: prose, a list, code, quotation marks, dashes, other scripts now and then. */
const ANSWER = `A signal box is the building from which a railway's points and signals are set. The signalman — or today an interlocking \
computer — decides which train gets which route, and makes sure that no two of them collide.

### How a route is set

1. **The request.** The train describer asks for a route from signal A to signal B.
2. **The check.** Every set of points on the way must be free; none may be locked by another route.
3. **The locking.** The points are moved, detected and locked. Only then can the signal "clear".

\`\`\`ts
export function setRoute(route: Route, state: State): Result {
  const taken = route.points.filter((point) => state.locked.has(point.id));
  if (taken.length > 0) return { ok: false, reason: \`locked: \${taken.join(", ")}\` };
  for (const point of route.points) state.locked.add(point.id);
  return { ok: true };
}
\`\`\`

In Swiss German it's a “Stellwerk”, in French a “poste d'aiguillage”, and in Japanese 信号扱所. Mechanical boxes with levers are still in \
use: the frame holds one lever for each signal and each set of points, and a bar between them (the interlocking) keeps the signalman from \
pulling two that contradict each other. If a lever doesn't move, that is the point of it.

`;

/** About as many characters as a token has: words with the blank before them, punctuation, line ends. */
const TOKENS = ANSWER.match(/ ?[A-Za-z']{1,9}| ?[0-9]+|\n+ *| ?[^A-Za-z0-9\s]{1,3}| +/gu) ?? [];

/** Pieces of an answer, `least` to `most` tokens in each, in a fixed order that has no short period. */
function pieces(count: number, least: number, most: number): string[] {
  const texts: string[] = [];
  let at = 0;
  let seed = 42;
  while (texts.length < count) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const size = least + ((seed >>> 16) % (most - least + 1));
    let text = '';
    for (let token = 0; token < size; token += 1, at += 1) text += TOKENS[at % TOKENS.length] ?? '';
    texts.push(text);
  }
  return texts;
}

const event = (name: string, data: string) => `event: ${name}\ndata: ${data}\n\n`;
const json = JSON.stringify;
/** Letters and digits of a length that differs from event to event. */
const padding = (index: number) => 'aQ3fZ9xLk2Vb7TnE'.slice(0, 1 + ((index * 7) % 16));

/** A stream of so many text deltas. */
type Burst = (deltas: number) => string;

const anthropic: Burst = (deltas) => {
  const usage = { input_tokens: 812, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  const message = {
    ...{ model: 'claude-sonnet-4-5-20250929', id: 'msg_01QkWEPwSXfLKJGzD7rqHvNu', type: 'message', role: 'assistant' },
    ...{ content: [], stop_reason: null, stop_sequence: null, usage },
  };
  const texts = pieces(deltas, 1, 4).map((text, index) =>
    event(
      'content_block_delta',
      `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":${json(text)}}${' '.repeat((index * 5) % 16)}}`,
    ),
  );
  return [
    event('message_start', json({ type: 'message_start', message })),
    event(
      'content_block_start',
      json({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    ),
    event('ping', '{"type": "ping"}'),
    ...texts,
    event('content_block_stop', '{"type":"content_block_stop","index":0      }'),
    event(
      'message_delta',
      json({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { ...usage, output_tokens: deltas * 3 },
      }),
    ),
    event('message_stop', '{"type":"message_stop"  }'),
  ].join('');
};

const chat: Burst = (deltas) => {
  const head = {
    ...{ id: 'chatcmpl-CoDWvCrHKCBaVJNbLBcLGYu1YAc9O', object: 'chat.completion.chunk', created: 1_766_084_445 },
    ...{ model: 'gpt-4o-2024-08-06', service_tier: 'default', system_fingerprint: 'fp_deacdd5f6f' },
  };
  const chunk = (delta: object, reason: string | null, index: number) =>
    `data: ${json({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
      usage: null,
      obfuscation: padding(index),
    })}\n\n`;
  const usage = {
    ...{ prompt_tokens: 812, completion_tokens: deltas, total_tokens: 812 + deltas },
    ...{ prompt_tokens_details: { cached_tokens: 0 }, completion_tokens_details: { reasoning_tokens: 0 } },
  };
  return [
    chunk({ role: 'assistant', content: '', refusal: null }, null, 0),
    ...pieces(deltas, 1, 1).map((content, index) => chunk({ content }, null, index)),
    chunk({}, 'stop', 3),
    `data: ${json({ ...head, choices: [], usage, obfuscation: 'K3' })}\n\n`,
    'data: [DONE]\n\n',
  ].join('');
};

const responses: Burst = (deltas) => {
  const itemId = 'msg_00e767404995b9950068e6482f25e0819181582a15cdd9207f';
  const at = { item_id: itemId, output_index: 0, content_index: 0 };
  const texts = pieces(deltas, 1, 1);
  const text = texts.join('');
  const part = { type: 'output_text', annotations: [], logprobs: [], text };
  const item = { id: itemId, type: 'message', status: 'completed', content: [part], role: 'assistant' };
  const response = {
    ...{ id: 'resp_00e767404995b9950068e6482b63bc8191a5f0c0ff2a6dd89c', object: 'response', created_at: 1_759_922_219 },
    ...{ status: 'in_progress', error: null, incomplete_details: null, model: 'gpt-4o-2024-08-06', output: [] },
    ...{ parallel_tool_calls: true, temperature: 1, tool_choice: 'auto', tools: [], top_p: 1, usage: null },
  };
  let sequence = 0;
  const numbered = (type: string, fields: object) => {
    sequence += 1;
    return event(type, json({ type, sequence_number: sequence - 1, ...fields }));
  };
  const usage = {
    ...{ input_tokens: 812, input_tokens_details: { cached_tokens: 0 }, output_tokens: deltas },
    ...{ output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 812 + deltas },
  };
  return [
    numbered('response.created', { response }),
    numbered('response.in_progress', { response }),
    numbered('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }),
    numbered('response.content_part.added', { ...at, part: { ...part, text: '' } }),
    ...texts.map((delta, index) =>
      numbered('response.output_text.delta', { ...at, delta, logprobs: [], obfuscation: padding(index) }),
    ),
    numbered('response.output_text.done', { ...at, text, logprobs: [] }),
    numbered('response.content_part.done', { ...at, part }),
    numbered('response.output_item.done', { output_index: 0, item }),
    numbered('response.completed', { response: { ...response, status: 'completed', output: [item], usage } }),
  ].join('');
};

const gemini: Burst = (deltas) => {
  // Google writes a blank behind most colons.
  const chunk = (text: string, index: number, reason = '') =>
    `data: {"candidates": [{"content": {"parts": [{"text": ${json(text)}}],"role": "model"},${reason}"index": 0}],"usageMetadata": {"promptTokenCount": 812,"candidatesTokenCount": ${24 + index * 26},"totalTokenCount": ${1623 + index * 26},"promptTokensDetails": [{"modality": "TEXT","tokenCount": 812}],"thoughtsTokenCount": 787},"modelVersion": "gemini-2.5-pro","responseId": "beHBaJfEMIi-qtsP3769-Q8"}\r\n\r\n`;
  return [
    ...pieces(deltas, 16, 26).map((text, index) => chunk(text, index)),
    chunk('', deltas, '"finishReason": "STOP",'),
  ].join('');
};

const ollama: Burst = (deltas) => {
  const line = (content: string, index: number, rest: object) => {
    const createdAt = new Date(1_755_697_703_370 + index * 5)
      .toISOString()
      .replace('Z', `${100 + ((index * 37) % 900)}Z`);
    return `${json({ model: 'gemma3:1b', created_at: createdAt, message: { role: 'assistant', content }, ...rest })}\n`;
  };
  const last = {
    ...{ done: true, done_reason: 'stop', total_duration: 1_329_447_834, load_duration: 142_905_791 },
    ...{ prompt_eval_count: 812, prompt_eval_duration: 79_031_250, eval_count: deltas, eval_duration: 1_106_892_292 },
  };
  return [
    ...pieces(deltas, 1, 1).map((text, index) => line(text, index, { done: false })),
    line('', deltas, last),
  ].join('');
};

const BURSTS: Readonly<Record<string, Burst>> = {
  'anthropic-messages': anthropic,
  'openai-chat': chat,
  'openai-responses': responses,
  gemini,
  'ollama-chat': ollama,
};

/** The body of a stream of so many text deltas, as the vendor of a format sends it. */
export function vendorBurst(format: WireFormat, deltas: number): string {
  const burst = BURSTS[format.id];
  if (burst === undefined) throw new Error(`bench: no recorded shape of a stream for ${format.id}`);
  return burst(deltas);
}
