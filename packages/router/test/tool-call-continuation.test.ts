import { type Inbound, inboundFromRequest, type StreamEvent } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArgumentsText } from '../src/answers/arguments-text.ts';
import { createRouter } from '../src/index.ts';
import { fakeProvider, finish, start, streams, text, tinyFormat, userSays } from './fake-provider.ts';

const callStart = (index: number, name = 'look_up', id = `call_${index}`): StreamEvent => ({
  type: 'tool-call-start',
  index,
  id,
  name,
});
const callDelta = (index: number, piece: string): StreamEvent => ({
  type: 'tool-call-delta',
  index,
  arguments: piece,
});

function follow(sent: string, again: string, sizes: readonly number[], json = true): string | undefined {
  const follower = createArgumentsText(sent, json);
  let joined = sent;
  for (let at = 0, turn = 0; at < again.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const next = follower.push(again.slice(at, at + size));
    if (next === undefined) return undefined;
    joined += next;
    at += size;
  }
  return follower.caughtUp ? joined : undefined;
}

describe('the arguments of a call that is made anew', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 });
  const spelling = fc.constantFrom(undefined, 1, 2, '\t');
  const cutting = fc.double({ min: 0, max: 1, noNaN: true });

  it('go on behind what was sent, as one JSON value, whatever the blanks and wherever it broke off', () => {
    fc.assert(
      fc.property(fc.jsonValue(), spelling, spelling, cutting, sizes, (value, one, other, part, pieces) => {
        const sent = JSON.stringify(value, null, one);
        const cut = sent.slice(0, Math.floor(sent.length * part));
        const joined = follow(cut, JSON.stringify(value, null, other), pieces);
        expect(joined?.startsWith(cut)).toBe(true);
        expect(JSON.parse(joined ?? '')).toEqual(JSON.parse(sent));
      }),
    );
  });

  it('are never joined to those of another value: what comes out is the second value or nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), spelling, cutting, sizes, (value, another, blanks, part, pieces) => {
        const sent = JSON.stringify(value, null, blanks);
        const cut = sent.slice(0, Math.floor(sent.length * part));
        const again = JSON.stringify(another);
        const joined = follow(cut, again, pieces);
        if (joined !== undefined) expect(JSON.parse(joined)).toEqual(JSON.parse(again));
      }),
    );
  });

  it('end where a number that was closed would go on', () => {
    expect(follow('{"platform": 4 ', '{"platform": 42}', [3])).toBeUndefined();
    expect(follow('{"platform": 4', '{"platform": 42}', [3])).toBe('{"platform": 42}');
  });

  it('are compared to the letter where they are no JSON', () => {
    expect(follow('a  b', 'a  b c', [1], false)).toBe('a  b c');
    expect(follow('a  b', 'a b c', [1], false)).toBeUndefined();
  });
});

const SHORT = '{"station":"Lisboa Santa Apolónia"}';
const LONG = JSON.stringify({ path: 'timetable.txt', content: 'Lisboa 12:00, Porto 15:00. '.repeat(80) });

function callEvents(events: readonly StreamEvent[]): { calls: string[]; text: string; finishes: number } {
  const calls = new Map<number, string>();
  let words = '';
  for (const event of events) {
    if (event.type === 'text-delta') words += event.text;
    if (event.type === 'tool-call-start') {
      expect(calls.has(event.index)).toBe(false);
      calls.set(event.index, '');
    }
    if (event.type === 'tool-call-delta')
      calls.set(event.index, `${calls.get(event.index) ?? 'no start: '}${event.arguments}`);
  }
  return {
    calls: [...calls.values()],
    text: words,
    finishes: events.filter((event) => event.type === 'finish').length,
  };
}

/** Both lanes: the provider's own format, and another one. */
describe.each(['tiny', 'other'])('a stream that breaks off in a tool call (%s in)', (callersFormat) => {
  async function run(...providers: ReturnType<typeof fakeProvider>[]) {
    const router = createRouter({ providers, retry: { maxAttempts: 1 } });
    const inbound: Inbound = {
      wire: {
        format: tinyFormat(callersFormat),
        body: new TextEncoder().encode('{"model":"auto","stream":true,"prompt":"hi"}'),
        path: '/',
        headers: {},
      },
      head: { model: 'auto', stream: true },
      request: () => userSays('hi'),
    };
    const { body, attempts } = await router.forward({ inbound });
    let received = '';
    for await (const chunk of body) received += new TextDecoder().decode(chunk);
    const events = received
      .split('\n\n')
      .filter((frame) => frame.startsWith('data: '))
      .map((line) => JSON.parse(line.slice('data: '.length)) as StreamEvent & { error?: string });
    return { ...callEvents(events), error: events.find((event) => event.error !== undefined)?.error, attempts };
  }
  const cutCall = (args: string, ...before: StreamEvent[]) =>
    streams(start('first'), ...before, callStart(before.length), callDelta(before.length, args));
  const pieces = (index: number, args: string) =>
    (args.match(/.{1,7}/gsu) ?? []).map((piece) => callDelta(index, piece));

  it('is made anew by the next candidate, whatever that one says: the caller has seen nothing of the call', async () => {
    const two = fakeProvider('two', streams(start('second'), text('No call is needed.'), finish()));
    expect(await run(fakeProvider('one', cutCall('{"station":"Lis')), two)).toMatchObject({
      calls: [],
      text: 'No call is needed.',
      finishes: 1,
      error: undefined,
    });
  });

  it('goes on from the text that came before the call', async () => {
    const one = fakeProvider('one', cutCall('{"station":"Lis', text('Let me look that up.')));
    const two = fakeProvider('two', streams(start('second'), callStart(0), ...pieces(0, SHORT), finish()));
    expect(await run(one, two)).toMatchObject({
      calls: [SHORT],
      text: 'Let me look that up.',
      finishes: 1,
      error: undefined,
    });
  });

  it('of which the caller has seen the beginning is followed by the same call, and by no other', async () => {
    const half = LONG.slice(0, 1_500);
    const one = () => fakeProvider('one', streams(start('first'), callStart(0), ...pieces(0, half)));
    const same = fakeProvider(
      'two',
      streams(start('second'), callStart(0, 'look_up', 'another_id'), ...pieces(0, LONG), finish()),
    );
    expect(await run(one(), same)).toMatchObject({ calls: [LONG], finishes: 1, error: undefined });
    const other = LONG.replace('Porto', 'Braga');
    for (const [name, args] of [
      ['look_up', other],
      ['another_tool', LONG],
    ] as const) {
      const two = fakeProvider('two', streams(start('second'), callStart(0, name), ...pieces(0, args), finish()));
      const seen = await run(one(), two);
      expect(seen.error).toContain('one');
      expect(seen.finishes).toBe(0);
      expect(half.startsWith(seen.calls[0] ?? 'none')).toBe(true);
    }
  });

  it('is followed call by call where there are several', async () => {
    const first = [callStart(0), ...pieces(0, LONG), callStart(1), callDelta(1, SHORT.slice(0, 9))];
    const again = [
      callStart(0),
      ...pieces(0, LONG),
      callStart(1),
      ...pieces(1, SHORT),
      callStart(2),
      callDelta(2, '{}'),
    ];
    const one = fakeProvider('one', streams(start('first'), ...first));
    const two = fakeProvider('two', streams(start('second'), ...again, finish()));
    expect(await run(one, two)).toMatchObject({ calls: [LONG, SHORT, '{}'], finishes: 1, error: undefined });
  });

  it('is never begun by one call and ended by another, wherever it breaks off', async () => {
    const value = fc.record({ path: fc.string({ maxLength: 20 }), content: fc.string({ maxLength: 2_000 }) });
    await fc.assert(
      fc.asyncProperty(value, value, fc.double({ min: 0, max: 1, noNaN: true }), async (made, madeAnew, part) => {
        const args = JSON.stringify(made);
        const again = JSON.stringify(madeAnew);
        const cut = args.slice(0, Math.floor(args.length * part));
        const one = fakeProvider('one', streams(start('first'), callStart(0), ...pieces(0, cut)));
        const two = fakeProvider('two', streams(start('second'), callStart(0), ...pieces(0, again), finish()));
        const { calls, finishes, error } = await run(one, two);
        if (finishes === 1) expect(calls.map((call) => JSON.parse(call))).toEqual([JSON.parse(again)]);
        else expect(error).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });
});

it('a whole tool call reaches the caller once, in order, however long it is', async () => {
  for (const args of [SHORT, LONG]) {
    const events = [text('Yes.'), callStart(1), callDelta(1, args.slice(0, 5)), callDelta(1, args.slice(5)), finish()];
    const router = createRouter({ providers: [fakeProvider('one', streams(start('first'), ...events))] });
    const seen: StreamEvent[] = [];
    for await (const event of (await router.stream(inboundFromRequest(userSays('hi')).request())).events)
      seen.push(event);
    expect(seen.slice(1).map(({ type }) => type)).toEqual(events.map(({ type }) => type));
    expect(callEvents(seen)).toEqual({ calls: [args], text: 'Yes.', finishes: 1 });
  }
});
