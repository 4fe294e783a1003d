import type {
  FinishReason,
  ModelResponse,
  Part,
  TextPart,
  TokenLogprob,
  Usage,
} from '../../packages/core/src/index.ts';
import type { AnswerConcept, Section } from '../concept.ts';

const usage: Usage = { inputTokens: 100, outputTokens: 50, provenance: 'reported' };
const text = { type: 'text', text: 'No.' } as const;

const joined = (type: 'text' | 'reasoning') => (response: ModelResponse) =>
  response.parts.map((part) => (part.type === type ? part.text : '')).join('');

const calls = (response: ModelResponse) =>
  response.parts.flatMap((part) => {
    if (part.type !== 'tool-call') return [];
    return [{ id: part.id, name: part.name, kind: part.kind ?? 'function', arguments: part.arguments }];
  });

const figure = (key: keyof Usage) => (response: ModelResponse) => response.usage?.[key];
const call = (id: string): Part => ({ type: 'tool-call', id, name: 'weather', arguments: '{"city":"Rome"}' });

const pagesOf = ({ citations = [] }: TextPart) => citations.map(({ url, title }) => [url, title]);

function tokensOf({ token, logprob, alternatives }: TokenLogprob): unknown {
  return [token, logprob, alternatives.map((one) => [one.token, one.logprob])];
}

function ending(reason: FinishReason, parts: readonly Part[] = [text]): AnswerConcept {
  return {
    name: `end: ${reason}`,
    response: { parts, finish: { reason } },
    said: (response) => response.finish.reason,
  };
}

/** What an answer can say. */
export const ANSWERS: readonly Section<AnswerConcept>[] = [
  {
    title: 'Answers: content',
    concepts: [
      { name: 'text', response: {}, said: joined('text') },
      {
        name: "a refusal in the model's words",
        response: { parts: [{ type: 'text', text: 'I won’t.', refusal: true }], finish: { reason: 'refusal' } },
        said: (response) => response.parts.map((part) => (part.type === 'text' ? [part.text, part.refusal] : [])),
      },
      { name: 'reasoning', response: { parts: [{ type: 'reasoning', text: 'Hm.' }, text] }, said: joined('reasoning') },
      {
        name: 'pages that a search found',
        response: {
          parts: [
            {
              type: 'text',
              text: 'No, sun.',
              citations: [{ url: 'https://example.org/rome', title: 'Rome', start: 4, end: 7 }],
            },
          ],
        },
        said: (response) => response.parts.flatMap((part) => (part.type === 'text' ? pagesOf(part) : [])),
      },
      {
        name: 'log probabilities',
        response: {
          parts: [
            {
              type: 'text',
              text: 'No.',
              logprobs: [{ token: 'No', logprob: -0.25, alternatives: [{ token: 'Yes', logprob: -2 }] }],
            },
          ],
        },
        said: (response) =>
          response.parts.flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : [])).map(tokensOf),
      },
      {
        name: 'several answers',
        response: { others: [{ parts: [{ type: 'text', text: 'Yes.' }], finish: { reason: 'length' } }] },
        said: ({ others }) => others?.map(({ parts, finish }) => [joined('text')({ parts, finish }), finish.reason]),
      },
      {
        name: 'tool call',
        response: { parts: [text, call('call_1')], finish: { reason: 'tool-calls' } },
        said: calls,
      },
      {
        name: 'parallel tool calls',
        response: { parts: [call('call_1'), call('call_2')], finish: { reason: 'tool-calls' } },
        said: calls,
      },
      {
        name: 'call of a free-text tool',
        response: {
          parts: [{ type: 'tool-call', id: 'call_1', name: 'shell', arguments: 'ls', kind: 'custom' }],
          finish: { reason: 'tool-calls' },
        },
        said: calls,
      },
    ],
  },
  {
    title: 'Answers: the end',
    concepts: [
      ending('stop'),
      ending('stop-sequence'),
      ending('length'),
      ending('context-window'),
      ending('tool-calls', [call('call_1')]),
      ending('refusal'),
      ending('content-filter'),
      ending('pause'),
      ending('error'),
    ],
  },
  {
    title: 'Answers: usage',
    concepts: [
      { name: 'input tokens', response: { usage }, said: figure('inputTokens') },
      { name: 'output tokens', response: { usage }, said: figure('outputTokens') },
      { name: 'cache read', response: { usage: { ...usage, cacheReadTokens: 40 } }, said: figure('cacheReadTokens') },
      {
        name: 'cache write',
        response: { usage: { ...usage, cacheWrite5mTokens: 30 } },
        said: figure('cacheWrite5mTokens'),
      },
      {
        name: 'reasoning tokens',
        response: { usage: { ...usage, reasoningTokens: 20 } },
        said: figure('reasoningTokens'),
      },
    ],
  },
];
