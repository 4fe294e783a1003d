import {
  createResponseFold,
  type ModelResponse,
  responseText,
  type StreamEvent,
  type WireFormat,
} from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../src/index.ts';
import { createStopCutter, cutResponse } from '../src/lanes/cut-at-stops.ts';
import { answers, fakeProvider, silence, start, streams, text, tinyFormat, userSays } from './fake-provider.ts';

const END: StreamEvent = {
  type: 'finish',
  reason: 'stop',
  usage: { inputTokens: 1, outputTokens: 9, provenance: 'reported' },
};

function cut(stops: readonly string[], events: readonly StreamEvent[], answers?: number) {
  const cutter = createStopCutter(stops, answers);
  const batches = events.map((event) => cutter?.events([event]) ?? []);
  const fold = createResponseFold();
  for (const event of batches.flat()) fold.add(event);
  return { batches, response: fold.response(), ended: cutter?.ended };
}

describe('an answer whose provider was not told of a stop sequence', () => {
  it('costs nothing where there is none', () => {
    expect(createStopCutter(undefined, 1)).toBe(undefined);
    expect(createStopCutter([], 1)).toBe(undefined);
    const whole: ModelResponse = { parts: [{ type: 'text', text: 'END' }], finish: { reason: 'stop' } };
    expect(cutResponse(whole, undefined)).toBe(whole);
  });

  it('ends before the sequence, wherever the stream was cut into pieces', () => {
    const { batches, response, ended } = cut(['END'], [text('one E'), text('N'), text('D two'), text('three'), END]);
    expect(batches[0]).toEqual([text('one ')]);
    expect(batches[1]).toEqual([]);
    expect(response).toMatchObject({
      parts: [{ type: 'text', text: 'one ' }],
      finish: { reason: 'stop-sequence', stopSequence: 'END' },
    });
    expect(ended).toBe(true);
  });

  it('loses nothing that only looked like the beginning of one', () => {
    const { response, ended } = cut(['END'], [text('the E'), text('N'), END]);
    expect(response).toMatchObject({ parts: [{ text: 'the EN' }], finish: { reason: 'stop' } });
    expect(ended).toBe(false);
  });

  it('is given what waits before another part begins, and what hangs on a text behind it', () => {
    const beside: StreamEvent = { type: 'text-extension', index: 0, extensions: { f: { a: 1 } } };
    const { batches } = cut(
      ['END'],
      [text('E'), beside, { type: 'tool-call-start', index: 1, id: 'c', name: 'n' }, END],
    );
    expect(batches.flat().map((event) => event.type)).toEqual([
      'text-delta',
      'text-extension',
      'tool-call-start',
      'finish',
    ]);
  });

  it('leaves the words of a refusal alone', () => {
    const refusal: StreamEvent = { type: 'text-delta', index: 0, text: 'END of it', refusal: true };
    expect(cut(['END'], [refusal, END]).response.parts).toMatchObject([{ text: 'END of it' }]);
  });

  it('is one of several: each is cut by itself, and the counts at the end are taken', () => {
    const other = (event: StreamEvent) => ({ type: 'other-answer', answer: 1, event }) as StreamEvent;
    const events = [text('a END b'), other(text('c d')), text('more'), other({ type: 'finish', reason: 'stop' }), END];
    expect(cut(['END'], events, 2).response).toMatchObject({
      parts: [{ text: 'a ' }],
      finish: { reason: 'stop-sequence' },
      others: [{ parts: [{ text: 'c d' }], finish: { reason: 'stop' } }],
      usage: { outputTokens: 9 },
    });
  });

  it('is cut as a whole as it is as a stream', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 12 }),
        fc.array(letters, { minLength: 1, maxLength: 3 }),
        (pieces, stops) => {
          const whole = pieces.join('');
          const streamed = cut(stops, [...pieces.map((piece) => text(piece)), END]).response;
          const response: ModelResponse = { parts: [{ type: 'text', text: whole }], finish: { reason: 'stop' } };
          const atOnce = cutResponse(response, stops);
          expect(responseText(streamed)).toBe(responseText(atOnce));
          expect(streamed.finish).toEqual(atOnce.finish);
          for (const stop of stops) expect(responseText(atOnce)).not.toContain(stop);
        },
      ),
    );
  });

  it('keeps citations and log probabilities of what is left', () => {
    const whole: ModelResponse = {
      parts: [
        {
          type: 'text',
          text: 'abENDcd',
          citations: [
            { url: 'https://a.example', start: 0, end: 7 },
            { url: 'https://b.example', start: 5, end: 7 },
          ],
          logprobs: ['ab', 'END', 'cd'].map((token) => ({ token, logprob: -1, alternatives: [] })),
        },
        { type: 'text', text: 'more' },
      ],
      finish: { reason: 'stop' },
    };
    expect(cutResponse(whole, ['END']).parts).toEqual([
      {
        type: 'text',
        text: 'ab',
        citations: [{ url: 'https://a.example', start: 0, end: 2 }],
        logprobs: [{ token: 'ab', logprob: -1, alternatives: [] }],
      },
    ]);
  });
});

/** A format that has no word for stop sequences. */
function stopless(): WireFormat {
  const format = tinyFormat('stopless');
  const encodeRequest: WireFormat['client']['encodeRequest'] = (request, context) => ({
    ...format.client.encodeRequest(request, context),
    cutAt: request.stopSequences,
  });
  return { ...format, client: { ...format.client, encodeRequest } };
}

const asked = { ...userSays('count'), stopSequences: ['3'] };

describe('the router', () => {
  it('ends the stream there, and waits for nothing that would follow', async () => {
    const upstream = streams(start('m'), text('1 2'), text(' 3 4'), silence);
    const router = createRouter({ providers: [fakeProvider('one', upstream, { format: stopless() })] });
    const { events, attempts } = await router.stream(asked);
    const fold = createResponseFold();
    for await (const event of events) fold.add(event);
    expect(fold.response()).toMatchObject({
      parts: [{ type: 'text', text: '1 2 ' }],
      finish: { reason: 'stop-sequence', stopSequence: '3' },
      usage: { provenance: 'estimated' },
    });
    expect(attempts).toMatchObject([{ outcome: 'success' }]);
  });

  it('cuts a whole answer, and books what was paid', async () => {
    const events = [text('1 2 3 4'), END];
    const router = createRouter({
      providers: [fakeProvider('one', answers(200, { events }), { format: stopless() })],
    });
    const { response } = await router.generate(asked);
    expect(response).toMatchObject({
      parts: [{ type: 'text', text: '1 2 ' }],
      finish: { reason: 'stop-sequence', stopSequence: '3' },
      usage: { outputTokens: 9, provenance: 'reported' },
    });
  });
});
