import type { ModelResponse, StreamEvent, ToolCallPart, Usage } from '@signalbox/core';

const USAGE: Usage = { inputTokens: 120, outputTokens: 45, provenance: 'reported' };
const LONDON: ToolCallPart = {
  type: 'tool-call',
  id: 'call_london_1',
  name: 'get_weather',
  arguments: '{"city":"London","days":[1,2],"note":"say \\"hi\\" {not a brace}"}',
};
const PARIS: ToolCallPart = {
  type: 'tool-call',
  id: 'call_paris_2',
  name: 'get_weather',
  arguments: '{"city":"Paris \u2014 \ud83d\uddfc","days":[]}',
};

/** An answer that every format must be able to give to a caller and to read from a provider. */
export interface SampleResponse {
  readonly name: string;
  readonly response: ModelResponse;
}

function answer(name: string, response: Omit<ModelResponse, 'id' | 'model' | 'createdAt'>): SampleResponse {
  return { name, response: { id: 'answer_1', model: 'sample-model', createdAt: 1_760_000_000, ...response } };
}

/** Canonical answers, hand-written. `issuer`: whose reasoning signatures the format carries. */
export function sampleResponses(issuer: string): readonly SampleResponse[] {
  return [
    answer('a short text', {
      parts: [{ type: 'text', text: 'Hello there.' }],
      finish: { reason: 'stop' },
      usage: USAGE,
    }),
    answer('text of every kind of character', {
      parts: [
        {
          type: 'text',
          text: 'Zażółć \u{1f468}\u200d\u{1f469}\u200d\u{1f467} 漢字 \u2028 "quotes" \\ tab\t\r\nnewline \u{10348} data: {"x":1}\n\nevent: fake',
        },
      ],
      finish: { reason: 'stop' },
      usage: USAGE,
    }),
    answer('one tool call', { parts: [LONDON], finish: { reason: 'tool-calls' }, usage: USAGE }),
    answer('a tool call without arguments', {
      parts: [{ type: 'tool-call', id: 'call_now_1', name: 'now', arguments: '' }],
      finish: { reason: 'tool-calls' },
      usage: USAGE,
    }),
    answer('text and parallel tool calls', {
      parts: [{ type: 'text', text: 'I will look both up.' }, LONDON, PARIS],
      finish: { reason: 'tool-calls' },
      usage: USAGE,
    }),
    answer('reasoning, then text', {
      parts: [
        { type: 'reasoning', text: 'Two and two… is four.', signature: { issuer, value: 'c2lnbmVk' } },
        { type: 'text', text: 'Four.' },
      ],
      finish: { reason: 'stop' },
      usage: { ...USAGE, reasoningTokens: 30 },
    }),
    answer('an answer cut by its limit', {
      parts: [{ type: 'text', text: 'Once upon a' }],
      finish: { reason: 'length' },
      usage: USAGE,
    }),
    answer('a refusal by the filter', {
      parts: [{ type: 'text', text: 'I can' }],
      finish: { reason: 'content-filter' },
      usage: USAGE,
    }),
    answer('a stop sequence', {
      parts: [{ type: 'text', text: 'one two ' }],
      finish: { reason: 'stop-sequence', stopSequence: 'three' },
      usage: USAGE,
    }),
    answer('usage with cached input', {
      parts: [{ type: 'text', text: 'Cached.' }],
      finish: { reason: 'stop' },
      usage: {
        inputTokens: 5000,
        outputTokens: 7,
        cacheReadTokens: 4000,
        cacheWrite5mTokens: 600,
        provenance: 'reported',
      },
    }),
  ];
}

/** Two tool calls whose pieces come in turns, as Chat Completions sends them. */
export const INTERLEAVED_TOOLS: readonly StreamEvent[] = [
  { type: 'start', id: 'answer_1', model: 'sample-model', createdAt: 1_760_000_000 },
  { type: 'text-delta', index: 0, text: 'Both ' },
  { type: 'tool-call-start', index: 1, id: LONDON.id, name: LONDON.name },
  { type: 'tool-call-start', index: 2, id: PARIS.id, name: PARIS.name },
  { type: 'tool-call-delta', index: 1, arguments: LONDON.arguments.slice(0, 9) },
  { type: 'tool-call-delta', index: 2, arguments: PARIS.arguments.slice(0, 5) },
  { type: 'tool-call-delta', index: 1, arguments: LONDON.arguments.slice(9) },
  { type: 'tool-call-delta', index: 2, arguments: PARIS.arguments.slice(5) },
  { type: 'finish', reason: 'tool-calls', usage: USAGE },
];

/** What the interleaved pieces add up to. */
export const INTERLEAVED_RESPONSE: ModelResponse = {
  id: 'answer_1',
  model: 'sample-model',
  parts: [{ type: 'text', text: 'Both ' }, LONDON, PARIS],
  finish: { reason: 'tool-calls' },
  usage: USAGE,
};
