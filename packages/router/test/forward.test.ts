import type { Inbound, WireFormat } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../src/index.ts';
import { answers, type FakeProvider, fakeProvider, finish, start, streams, text, tinyFormat } from './fake-provider.ts';

const body = (fields: object) => new TextEncoder().encode(JSON.stringify({ prompt: 'hi', ...fields }));

function inbound(format: WireFormat, bytes: Uint8Array, headers = {}): Inbound {
  return {
    wire: { format, body: bytes, path: '/tiny', headers },
    head: format.server.scanHead(bytes, '/tiny'),
    request: () => format.server.decodeRequest(JSON.parse(new TextDecoder().decode(bytes)), '/tiny'),
  };
}

async function forward(providers: readonly FakeProvider[], call: Inbound) {
  const result = await createRouter({ providers }).forward({ inbound: call });
  let received = '';
  for await (const chunk of result.body) received += new TextDecoder().decode(chunk);
  return { ...result, received };
}

const healthy = streams(start('real'), text('a'), text('b'), finish());

describe('the byte lane', () => {
  it("is taken between equal formats: the caller's bytes go out with the model's name spliced in, the answer comes back as it is", async () => {
    const one = fakeProvider('one', healthy);
    const bytes = body({ stream: true, unknown: { kept: ['as', 'it', 'is'] }, model: 'one/one-model' });
    const { lane, received, attempts } = await forward([one], inbound(tinyFormat(), bytes));
    expect(lane).toBe('bytes');
    expect(new TextDecoder().decode(one.calls[0]?.body as Uint8Array)).toBe(
      '{"prompt":"hi","stream":true,"unknown":{"kept":["as","it","is"]},"model":"one-model"}',
    );
    expect(received).not.toContain('encodedBy');
    expect(received).toContain('"text":"a"');
    expect(attempts[0]).toMatchObject({ lane: 'bytes', usage: { inputTokens: 10 }, answeredBy: 'real' });
  });

  it("lets the client's marks through and its credentials not", async () => {
    const one = fakeProvider('one', healthy);
    const headers = {
      authorization: 'Bearer secret',
      'x-api-key': 'secret',
      cookie: 'c',
      'anthropic-beta': 'b1',
      'x-stainless-os': 'Linux',
    };
    await forward([one], inbound(tinyFormat(), body({ stream: true, model: 'one-model' }), headers));
    expect(one.calls[0]?.headers).toEqual({ 'anthropic-beta': 'b1', 'x-stainless-os': 'Linux' });
  });

  it('passes a whole answer on as it came, and books its usage', async () => {
    const whole = { events: [text('all'), finish()], extra: 'kept' };
    const { received, attempts, contentType } = await forward(
      [fakeProvider('one', answers(200, whole))],
      inbound(tinyFormat(), body({ model: 'one-model' })),
    );
    expect(JSON.parse(received)).toEqual(whole);
    expect(contentType).toBe('application/json');
    expect(attempts[0]?.usage?.inputTokens).toBe(10);
  });

  it('lets go of what it decoded for the decision once the bytes go out, and has it decoded anew for whoever is asked next', async () => {
    const format = tinyFormat();
    const bytes = body({ model: 'auto' });
    const own = inbound(format, bytes);
    let kept: ReturnType<Inbound['request']> | undefined;
    let decoded = 0;
    const call: Inbound = {
      ...own,
      request() {
        if (kept === undefined) decoded += 1;
        kept ??= own.request();
        return kept;
      },
      forget() {
        kept = undefined;
      },
    };
    const fails = fakeProvider('one', (...asked) => {
      expect(kept).toBeUndefined();
      return answers(503, {})(...asked);
    });
    const other = fakeProvider('two', answers(200, { events: [text('all'), finish()] }), { forwards: false });
    const { lane, attempts } = await forward([fails, other], call);
    expect({ lane, decoded, lanes: [...new Set(attempts.map((one) => one.lane))] }).toEqual({
      lane: 'canonical',
      decoded: 2,
      lanes: ['bytes', 'canonical'],
    });
  });

  it('leaves a malformed event out', async () => {
    const { received } = await forward(
      [fakeProvider('one', streams(text('a'), null, text('b'), finish()))],
      inbound(tinyFormat(), body({ stream: true, model: 'one-model' })),
    );
    expect(received).not.toContain('broken');
    expect(received).toContain('"text":"b"');
  });

  it('makes a stream of a whole answer where the endpoint does not stream', async () => {
    const { received } = await forward(
      [fakeProvider('one', answers(200, { events: [text('all'), finish()] }))],
      inbound(tinyFormat(), body({ stream: true, model: 'one-model' })),
    );
    expect(received).toContain('"text":"all"');
    expect(received).toContain('"type":"finish"');
  });

  it('is left where an endpoint takes only what the codec makes', async () => {
    const { lane, received } = await forward(
      [fakeProvider('one', healthy, { forwards: false })],
      inbound(tinyFormat(), body({ stream: true, model: 'one-model' })),
    );
    expect(lane).toBe('canonical');
    expect(received).toContain('encodedBy');
  });
});

describe('the canonical lane', () => {
  const other = tinyFormat('other');

  it('is taken between unequal formats: decoded and encoded anew', async () => {
    const { lane, received } = await forward(
      [fakeProvider('one', healthy)],
      inbound(other, body({ stream: true, model: 'one-model' })),
    );
    expect(lane).toBe('canonical');
    expect(received).toContain('"encodedBy":"other"');
  });

  it('encodes whole answers too', async () => {
    const whole = answers(200, { events: [text('all'), finish()] });
    const { received } = await forward([fakeProvider('one', whole)], inbound(other, body({ model: 'one-model' })));
    expect(JSON.parse(received)).toEqual({ encodedBy: 'other', text: 'all' });
  });
});

describe('a stream that breaks off after its first content', () => {
  for (const format of [tinyFormat(), tinyFormat('other')]) {
    it(`ends in the caller's own protocol's error and not in a finish (${format.id} in)`, async () => {
      const broken = streams(start('x'), text('a'), 'overloaded');
      const { received, attempts } = await forward(
        [fakeProvider('one', broken)],
        inbound(format, body({ stream: true, model: 'one-model' })),
      );
      expect(received).toContain('"text":"a"');
      expect(received.trimEnd().endsWith('data: {"error":"overloaded"}')).toBe(true);
      expect(received).not.toContain('"type":"finish"');
      expect(attempts[0]?.outcome).toBe('failure');
    });
  }

  it('before it: the next candidate answers in its place, in one stream', async () => {
    const { received, candidate } = await forward(
      [fakeProvider('one', streams(start('x'))), fakeProvider('two', healthy)],
      inbound(tinyFormat(), body({ stream: true, model: 'auto' })),
    );
    expect(candidate.id).toBe('two/two-model');
    expect(received.match(/"type":"start"/g)).toHaveLength(1);
  });
});

it('a body that names its model twice is refused: two readers would disagree', () => {
  const twice = new TextEncoder().encode('{"model":"one-model","model":"other"}');
  expect(() => inbound(tinyFormat(), twice)).toThrow(/"model" twice/);
  const escaped = new TextEncoder().encode('{"model":"one-model","mod\\u0065l":"other"}');
  expect(() => inbound(tinyFormat(), escaped)).toThrow(/"model" twice/);
});
