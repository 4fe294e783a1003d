import type { Inbound, ModelRequest, StreamEvent } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContinuationText } from '../src/continuation/continuation-text.ts';
import { createRouter, type RouterOptions } from '../src/index.ts';
import {
  answers,
  type Behaviour,
  fakeProvider,
  finish,
  start,
  streams,
  text,
  tinyFormat,
  userSays,
} from './fake-provider.ts';

const BEGINNING = 'The points of a railway are set from ';
const REST = 'a building that is called a signal box.';
const cut = streams(start('first'), text(BEGINNING));

function join(sent: string, given: string, mustRestart: boolean, pieces: readonly string[]): string | undefined {
  const joiner = createContinuationText(sent, given, mustRestart);
  let joined = sent;
  for (const piece of pieces) {
    const next = joiner.push(piece);
    if (next === undefined) return undefined;
    joined += next;
  }
  const last = joiner.end();
  return last === undefined ? undefined : joined + last;
}

describe('joining a continuation', () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
  const cutUp = (whole: string, sizes: readonly number[]) => {
    const parts: string[] = [];
    let at = 0;
    for (let turn = 0; at < whole.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      parts.push(whole.slice(at, at + size));
      at += size;
    }
    return parts;
  };

  it('gives the whole answer whether the model goes on or begins anew, however it is cut', () => {
    const whole = BEGINNING + REST;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: whole.length - 1 }), pieces, (at, sizes) => {
        const sent = whole.slice(0, at);
        expect(join(sent, sent, false, cutUp(whole.slice(at), sizes))).toBe(whole);
        expect(join(sent, sent, true, cutUp(whole, sizes))).toBe(whole);
      }),
    );
  });

  it('tells a new beginning from a continuation by its first characters', () => {
    expect(join(BEGINNING, BEGINNING, false, [BEGINNING, REST])).toBe(BEGINNING + REST);
  });

  it('keeps one blank between the two, whether or not the model writes it again', () => {
    const given = BEGINNING.trimEnd();
    expect(join(BEGINNING, given, false, [REST])).toBe(BEGINNING + REST);
    expect(join(BEGINNING, given, false, [` ${REST}`])).toBe(BEGINNING + REST);
    expect(join('glued', 'glued', false, [' apart'])).toBe('glued apart');
  });

  it('is given up at the first difference of a new beginning', () => {
    expect(join(BEGINNING, BEGINNING, true, ['Something else entirely'])).toBeUndefined();
    expect(join(BEGINNING, BEGINNING, true, [BEGINNING.slice(0, 10)])).toBeUndefined();
  });
});

async function read(events: AsyncIterable<StreamEvent>) {
  const seen: StreamEvent[] = [];
  for await (const event of events) seen.push(event);
  return { seen, words: seen.map((event) => (event.type === 'text-delta' ? event.text : '')).join('') };
}

const router = (providers: RouterOptions['providers']) => createRouter({ providers, retry: { maxAttempts: 1 } });
const promptOf = (provider: ReturnType<typeof fakeProvider>, call: number) =>
  JSON.parse(String(provider.calls[call]?.body)) as { prompt: string };
const refusesPrefill: Behaviour = (call) =>
  (String(call.body).includes('railway are')
    ? answers(400, { error: { message: "the last message must be the user's" } })
    : streams(start('second'), text(BEGINNING), text(REST), finish(20, 8)))(call);

describe('a stream that breaks off after its first words', () => {
  it('is continued by the next candidate from the text so far, as one answer with the usage of both', async () => {
    const two = fakeProvider('two', streams(start('second'), text(REST), finish(20, 8)));
    const result = await router([fakeProvider('one', cut), two]).stream(userSays('Explain: '));
    const { seen, words } = await read(result.events);
    expect(words).toBe(BEGINNING + REST);
    expect(seen.filter((event) => event.type === 'start')).toHaveLength(1);
    expect(seen).toContainEqual({
      type: 'answer-continued',
      candidate: 'two/two-model',
      model: 'second',
      afterCharacters: BEGINNING.length,
    });
    expect(seen.filter((event) => event.type === 'finish')).toHaveLength(1);
    expect(promptOf(two, 0).prompt).toBe(`Explain: ${BEGINNING.trimEnd()}`);
    const last = seen.at(-1);
    expect(last?.type === 'finish' && last.usage?.outputTokens).toBeGreaterThan(8);
    expect(result.attempts.map((attempt) => attempt.outcome)).toEqual(['failure', 'success']);
  });

  it('is begun anew where the candidate refuses a prefill, which is remembered', async () => {
    const two = fakeProvider('two', refusesPrefill);
    const made = router([fakeProvider('one', cut), two]);
    expect((await read((await made.stream(userSays('hi'))).events)).words).toBe(BEGINNING + REST);
    expect(two.calls).toHaveLength(2);
    expect((await read((await made.stream(userSays('hi'))).events)).words).toBe(BEGINNING + REST);
    expect(two.calls).toHaveLength(3);
  });

  it('is continued by the same candidate where nobody else is left', async () => {
    const one = fakeProvider('one', [cut, streams(text(REST), finish())]);
    expect((await read((await router([one]).stream(userSays('hi'))).events)).words).toBe(BEGINNING + REST);
  });

  it('ends in its own error where nobody can go on', async () => {
    const two = fakeProvider('two', streams(start('second'), 'overloaded'));
    const result = await router([fakeProvider('one', cut), two]).stream(userSays('hi'));
    await expect(read(result.events)).rejects.toMatchObject({
      kind: 'stream-cut',
      message: expect.stringContaining('one'),
    });
  });

  it('is not continued where the answer must keep to a schema', async () => {
    const two = fakeProvider('two', streams(text(REST), finish()));
    const request: ModelRequest = { ...userSays('hi'), output: { type: 'json' } };
    const result = await router([fakeProvider('one', cut), two]).stream(request);
    await expect(read(result.events)).rejects.toMatchObject({ kind: 'stream-cut' });
    expect(two.calls).toHaveLength(0);
  });
});

describe('over the wire', () => {
  const body = new TextEncoder().encode('{"model":"auto","stream":true,"prompt":"hi"}');
  for (const id of ['tiny', 'other']) {
    it(`the rest comes in the caller's own format and ends in one finish (${id} in)`, async () => {
      const format = tinyFormat(id);
      const inbound: Inbound = {
        wire: { format, body, path: '/', headers: {} },
        head: { model: 'auto', stream: true },
        request: () => userSays('hi'),
      };
      const two = fakeProvider('two', streams(start('second'), text(REST), finish()));
      const result = await router([fakeProvider('one', cut), two]).forward({ inbound });
      let received = '';
      for await (const chunk of result.body) received += new TextDecoder().decode(chunk);
      const events = received
        .split('\n\n')
        .filter((frame) => frame.startsWith('data: '))
        .map((line) => JSON.parse(line.slice('data: '.length)) as StreamEvent);
      expect(events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')).toBe(BEGINNING + REST);
      expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
      expect(received).not.toContain('"error"');
      expect(received).toContain(`: continued by two/two-model after ${BEGINNING.length} characters\n\n`);
    });
  }
});
