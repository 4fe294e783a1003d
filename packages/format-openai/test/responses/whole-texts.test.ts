import { ProviderError, type StreamEvent } from '@signalbox/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyCharacter } from '../../../../testing/any-text.ts';
import { createStreamDecoder } from '../../src/responses/stream-decoder.ts';
import { createStreamEncoder } from '../../src/responses/stream-encoder.ts';

const context = { model: 'some-model', createId: () => 'made', now: () => 1_760_000_000_000, includeUsage: true };

/** The data of all events that a stream of these events is written as. */
function written(events: readonly StreamEvent[]): Record<string, never>[] {
  const encoder = createStreamEncoder(context);
  const text = events.map((event) => encoder.encode(event)).join('');
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)));
}

/** Pieces of prose, of quotation marks and escapes, of few and of many wide characters. */
const piece = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }),
  fc.string({ unit: anyCharacter, minLength: 1, maxLength: 10 }),
  fc.constantFrom('“a” — b\n', '信号扱所', '\\u2014', '"\\"', '0.', 'A signal box is the building of the signalman. '),
);

it('a text is whole in every event that says it, whatever it consists of and beside other texts', () => {
  fc.assert(
    fc.property(fc.array(fc.array(piece, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }), (texts) => {
      const events: StreamEvent[] = [{ type: 'start', id: 'resp_1', model: 'some-model' }];
      for (const [index, pieces] of texts.entries()) {
        for (const text of pieces) events.push({ type: 'text-delta', index, text });
      }
      events.push({ type: 'finish', reason: 'stop' });
      const wholes = texts.map((pieces) => pieces.join('').toWellFormed());
      const all = written(events) as unknown as {
        type: string;
        text: string;
        part: { text: string };
        item: { content: { text: string }[] };
        response: { output: { content: { text: string }[] }[] };
        sequence_number: number;
      }[];
      const said = (type: string) => all.filter((event) => event.type === type);
      const wellFormed = (list: readonly string[]) => list.map((text) => text.toWellFormed());
      expect(all.map((event) => event.sequence_number)).toEqual(all.map((_, place) => place));
      expect(wellFormed(said('response.output_text.done').map(({ text }) => text))).toEqual(wholes);
      expect(wellFormed(said('response.content_part.done').map(({ part }) => part.text))).toEqual(wholes);
      const items = said('response.output_item.done').flatMap(({ item }) => item.content.map(({ text }) => text));
      expect(wellFormed(items)).toEqual(wholes);
      const output = said('response.completed').flatMap(({ response }) =>
        response.output.flatMap((one) => one.content),
      );
      expect(wellFormed(output.map(({ text }) => text))).toEqual(wholes);
    }),
  );
});

it('what stands for a text never gets out, also where the stream ends in an error', () => {
  const encoder = createStreamEncoder(context);
  const text = encoder.encode({ type: 'text-delta', index: 0, text: 'half a' });
  const failed = encoder.error(new ProviderError({ kind: 'server', message: 'gone', provider: 'some' }));
  expect(text + failed).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4/);
  expect(failed).toContain('"text":"half a"');
});

it('an event that was lost is noticed behind events that were not parsed', () => {
  const delta = (number: number, text: string) => ({
    event: 'response.output_text.delta',
    data: `{"type":"response.output_text.delta","sequence_number":${number},"output_index":0,"content_index":0,"delta":"${text}"}`,
    raw: new Uint8Array(),
  });
  const decoder = createStreamDecoder({ provider: 'some' });
  const texts = [delta(8, 'one'), delta(9, 'two'), delta(10, 'three'), delta(12, 'five'), delta(13, 'six')]
    .flatMap((frame) => decoder.decode(frame))
    .map((event) => (event.type === 'text-delta' ? event.text : ''));
  expect(texts.join(' ').trim()).toBe('one two three');
});
