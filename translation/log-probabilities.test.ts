import { describe, expect, it } from 'vitest';
import { type ModelResponse, responseEvents, type TokenLogprob } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../wire-pack/stream.ts';

const TOKENS: readonly TokenLogprob[] = [
  { token: 'Gr', logprob: -0.25, alternatives: [{ token: 'gr', logprob: -2 }] },
  { token: 'öße', logprob: -0.5, alternatives: [] },
];
const ANSWER: ModelResponse = {
  id: 'answer_1',
  model: 'some-model',
  parts: [{ type: 'text', text: 'Größe', logprobs: TOKENS }],
  finish: { reason: 'stop' },
};

/** Anthropic tells none. */
const telling = FORMATS.filter(({ answerLimits }) => !answerLimits.some(({ what }) => what === 'log probabilities'));
const pairs = telling.flatMap((from) => telling.map((to) => [from.format.id, to.format.id, from, to] as const));

const plain = ({ token, logprob, alternatives }: TokenLogprob) => ({ token, logprob, alternatives });
const told = ({ parts }: ModelResponse) =>
  parts
    .flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : []))
    .map(plain)
    .map((one) => ({ ...one, alternatives: one.alternatives.map(({ token, logprob }) => ({ token, logprob })) }));

describe.each(pairs)('log probabilities from %s for a caller of %s', (_from, _to, from, to) => {
  it('are told in a whole answer', () => {
    const body: unknown = JSON.parse(JSON.stringify(from.format.server.encodeResponse(ANSWER, serverContext())));
    const read = from.format.client.decodeResponse(body, { provider: 'p' });
    const written: unknown = JSON.parse(JSON.stringify(to.format.server.encodeResponse(read, serverContext())));
    expect(told(to.format.client.decodeResponse(written, { provider: 'p' }))).toEqual(TOKENS.map(plain));
  });

  it('are told in a stream, once', () => {
    const frames = framesOf(from.format, encodeEvents(from.format, responseEvents(ANSWER)));
    const { events } = decodeFrames(from.format, frames, 'p');
    const again = decodeFrames(to.format, framesOf(to.format, encodeEvents(to.format, events)), 'p');
    expect(told(fold(again.events))).toEqual(TOKENS.map(plain));
  });
});

it('have the bytes of their token where nobody told them', () => {
  const { format } = telling.find((one) => one.format.id === 'openai-chat') ?? {};
  const { choices } = (format?.server.encodeResponse(ANSWER, serverContext()) ?? {}) as {
    choices: { logprobs: { content: { bytes: number[] }[] } }[];
  };
  expect(choices[0]?.logprobs.content.map(({ bytes }) => bytes)).toEqual([
    [71, 114],
    [195, 182, 195, 159, 101],
  ]);
});
