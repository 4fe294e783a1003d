import { describe, expect, it } from 'vitest';
import { type ModelResponse, responseEvents, type StreamEvent } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../wire-pack/stream.ts';

const CALL = { type: 'tool-call', id: 'call_1', name: 'weather', arguments: '{"city":"Rome"}' } as const;

/** Three answers to one request. */
const ANSWERS: ModelResponse = {
  id: 'answer_1',
  model: 'some-model',
  createdAt: 1_760_000_000,
  parts: [{ type: 'text', text: 'It rains.' }],
  finish: { reason: 'stop' },
  others: [
    { parts: [{ type: 'text', text: 'Let me see.' }, CALL], finish: { reason: 'tool-calls' } },
    {
      parts: [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'It does' },
      ],
      finish: { reason: 'length' },
    },
  ],
  usage: { inputTokens: 10, outputTokens: 30, provenance: 'reported' },
};

/** Nothing but what is said, and how it ended. */
function said({ parts, others = [], finish, usage }: ModelResponse) {
  const one = (answer: Pick<ModelResponse, 'parts' | 'finish'>) => ({
    parts: answer.parts.map((part) =>
      part.type === 'tool-call'
        ? { name: part.name, arguments: JSON.parse(part.arguments) as unknown }
        : { type: part.type, text: 'text' in part ? part.text : undefined },
    ),
    reason: answer.finish.reason,
  });
  return { answers: [one({ parts, finish }), ...others.map(one)], output: usage?.outputTokens };
}

/** The events of the answers by turns, as providers send them. */
function byTurns(response: ModelResponse): StreamEvent[] {
  const events = [...responseEvents(response)];
  const [start, ...rest] = events;
  const finish = rest.pop();
  const answers = [0, 1, 2].map((answer) =>
    rest.filter((event) => (event.type === 'other-answer' ? event.answer : 0) === answer),
  );
  const longest = Math.max(...answers.map((list) => list.length));
  const mixed = Array.from({ length: longest }, (_, turn) => answers.flatMap((list) => list.slice(turn, turn + 1)));
  return [start, ...mixed.flat(), finish].filter((event) => event !== undefined);
}

const format = (id: string) => {
  const found = FORMATS.find((one) => one.format.id === id);
  if (found === undefined) throw new Error(`there is no format ${id}`);
  return found.format;
};

const read = (id: string, events: Iterable<StreamEvent>) =>
  decodeFrames(format(id), framesOf(format(id), encodeEvents(format(id), events)), 'p').events;

describe.each(['openai-chat', 'gemini'])('several answers, in %s', (id) => {
  it('are all in a whole answer', () => {
    const body: unknown = JSON.parse(JSON.stringify(format(id).server.encodeResponse(ANSWERS, serverContext())));
    expect(said(format(id).client.decodeResponse(body, { provider: 'p' }))).toEqual(said(ANSWERS));
  });

  it('are all in a stream, by turns or one after the other', () => {
    for (const events of [responseEvents(ANSWERS), byTurns(ANSWERS)]) {
      expect(said(fold(read(id, events)))).toEqual(said(ANSWERS));
    }
  });

  it('end each for itself, and the stream ends once', () => {
    const finishes = read(id, byTurns(ANSWERS)).filter(
      (event) => (event.type === 'other-answer' ? event.event : event).type === 'finish',
    );
    expect(finishes).toHaveLength(3);
    expect(finishes.at(-1)).toMatchObject({ type: 'finish', reason: 'stop', usage: { outputTokens: 30 } });
  });

  it.each(['openai-chat', 'gemini'])('reach a caller of %s', (to) => {
    expect(said(fold(read(to, read(id, byTurns(ANSWERS)))))).toEqual(said(ANSWERS));
  });
});

describe.each(['anthropic-messages', 'openai-responses', 'ollama-chat'])('a caller of %s', (id) => {
  it('has asked for one answer, and gets the first', () => {
    const { answers } = said(fold(read(id, byTurns(ANSWERS))));
    expect(answers).toEqual(said({ ...ANSWERS, others: [] }).answers);
  });

  it('is told that a request for several gets one', () => {
    const context = { model: 'm', stream: true, provider: 'p', quirks: {} };
    const request = { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'Rain?' }] }] } as const;
    const { notes } = format(id).client.encodeRequest({ ...request, candidateCount: 3 }, context);
    expect(notes).toContainEqual(expect.objectContaining({ field: 'candidateCount', action: 'dropped' }));
  });
});
