import { Agent, request as openRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createManualClock } from './manual-clock.ts';
import { at, DIALECTS, events, open, post, useSimulator } from './simulator-client.ts';
import { exchangeOverSocket } from './socket-exchange.ts';

const dialectNamed = (name: string) => {
  const dialect = DIALECTS.find((one) => one.name === name);
  if (dialect === undefined) throw new Error(`there is no dialect ${name}`);
  return dialect;
};
const CHAT = dialectNamed('Chat Completions');
const ANTHROPIC = dialectNamed('Anthropic Messages');

describe('time', () => {
  const clock = createManualClock();
  const simulator = useSimulator({ clock });
  const exchange = (directive: string) =>
    exchangeOverSocket(simulator(), CHAT.path(true), CHAT.body('Hello', true), {
      connection: 'close',
      'x-simulate': directive,
    });

  test('interval: so long between two content events, and not before the first', async () => {
    const outcome = exchange('words=3; interval=15');
    for (let pause = 0; pause < 2; pause += 1) {
      expect(await clock.nextTimer()).toBe(15);
      clock.advance(15);
    }
    expect(CHAT.streamText((await outcome).received).split(' ')).toHaveLength(3);
  });

  test('an answer is dated by the clock', async () => {
    const answer = await post(simulator(), CHAT.path(false), CHAT.body('Hello', false), {
      'x-simulate': 'status=429; retryAfter=date:3',
    });
    const date = (name: string) => Date.parse(answer.headers.get(name) ?? '');
    expect(date('date')).toBe(Math.floor(clock.now() / 1_000) * 1_000);
    expect(date('retry-after') - date('date')).toBe(3_000);
  });

  test('slowHeaders: a head that never ends, byte by byte, until the hold is over', async () => {
    const outcome = exchange('slowHeaders=2000; hold=6000');
    for (let pause = 0; pause < 3; pause += 1) {
      expect(await clock.nextTimer()).toBe(2_000);
      clock.advance(2_000);
    }
    expect(await outcome).toEqual({ received: 'HTTP/1.1 200 OK\r\nx-slow: zzz', ending: 'fin' });
  });

  test('drip: after N content events, an event that never ends', async () => {
    const outcome = exchange('words=60; drip=20; hold=3000');
    for (let pause = 0; pause < 3; pause += 1) {
      expect(await clock.nextTimer()).toBe(1_000);
      clock.advance(1_000);
    }
    const { received, ending } = await outcome;
    expect(ending).toBe('fin');
    expect(events(received).filter((event) => at(event.json, 'choices', 0, 'delta', 'content'))).toHaveLength(20);
    expect(received.replace(/\r\n[0-9a-f]*\r\n/g, '')).toMatch(/data: \{"drip":"zzz/);
  });

  test('Anthropic keeps a silent stream alive with pings', async () => {
    const headers = { ...ANTHROPIC.headers, 'x-simulate': 'words=3; stall=1; comments; hold=2000' };
    const outcome = exchangeOverSocket(simulator(), ANTHROPIC.path(true), ANTHROPIC.body('Hello', true), headers);
    for (let pause = 0; pause < 2; pause += 1) {
      await clock.nextTimer();
      clock.advance(1_000);
    }
    const pings = (await outcome).received.match(/event: ping\ndata: \{"type": "ping"\}\n\n/g);
    expect(pings?.length).toBeGreaterThan(1);
  });
});

describe('bytes', () => {
  const simulator = useSimulator();
  const headersOf = (directive: string) => ({ ...CHAT.headers, 'x-simulate': directive });
  const ask = (directive: string, stream = true) =>
    post(simulator(), CHAT.path(stream), CHAT.body('Hello', stream), headersOf(directive));
  const askBytes = async (directive: string) => {
    const answer = await open(simulator(), CHAT.path(true), CHAT.body('Hello', true), headersOf(directive));
    return Buffer.from(await answer.arrayBuffer());
  };
  const exchange = (directive: string, headers: Record<string, string> = {}) =>
    exchangeOverSocket(simulator(), CHAT.path(true), CHAT.body('Hello', true), {
      ...headersOf(directive),
      ...headers,
    });

  test('badChunk: N words, then HTTP that nobody can read', async () => {
    const { received, ending } = await exchange('words=60; badChunk=20');
    expect(ending).toBe('fin');
    expect(CHAT.streamText(received).split(' ')).toHaveLength(20);
    expect(received.endsWith('no-size\r\nno chunk\r\n')).toBe(true);
    await expect(ask('words=60; badChunk=20')).rejects.toThrow();
    expect(simulator().requests[0]?.aborted).toBe(false);
  });

  test('corruptGzip: N words, then bytes that no decompressor takes', async () => {
    await expect(ask('words=60; corruptGzip=20')).rejects.toThrow();
    await expect(ask('words=60; corruptGzip=20', false)).rejects.toThrow();
  });

  test('contentEncoding: a claim without compression', async () => {
    const { received } = await exchange('words=3; contentEncoding=gzip', { connection: 'close' });
    expect(received).toMatch(/content-encoding: gzip/i);
    expect(CHAT.streamText(received).split(' ')).toHaveLength(3);
    expect(() => gunzipSync(received)).toThrow();
  });

  test('contentLength: a number that is not the length, and the connection closes', async () => {
    for (const length of [50, 1_000_000]) {
      const { received, ending } = await exchange(`words=3; contentLength=${length}`);
      expect(ending).toBe('fin');
      expect(received).toMatch(new RegExp(`content-length: ${length}\r\n`, 'i'));
      expect(CHAT.streamText(received).split(' ')).toHaveLength(3);
    }
  });

  test('closeDelimited: neither length nor chunks', async () => {
    const { received, ending } = await exchange('words=3; closeDelimited');
    expect(ending).toBe('fin');
    expect(received).not.toMatch(/content-length|transfer-encoding/i);
    expect(received.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('hugeEvent: one line of so many MiB before the content', async () => {
    const lines = (await askBytes('words=3; hugeEvent=2')).toString('latin1').split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(2 * 1024 * 1024);
    expect(CHAT.streamText(lines.join('\n')).split(' ')).toHaveLength(3);
  });

  test('invalidUtf8: event N has bad bytes, and its text is whole', async () => {
    const bytes = await askBytes('words=20; invalidUtf8=11');
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
    expect(CHAT.streamText(bytes.toString('utf8'))).toBe(CHAT.streamText((await ask('words=20')).text));
  });

  test('layout: the same events, written in another way', async () => {
    const plain = (await ask('words=5')).text;
    const written = async (layout: string) => (await askBytes(`words=5; layout=${layout}`)).toString('utf8');
    expect((await written('crlf')).replaceAll('\r\n', '\n')).toHaveLength(plain.length);
    expect(await written('cr')).not.toContain('\n');
    expect((await written('bom')).startsWith('\ufeffdata: ')).toBe(true);
    expect(await written('no-space')).toMatch(/^data:\{/);
    expect(await written('multi-line')).toMatch(/^data: \{\ndata: "id"/);
  });

  test('resetReused: the second request over one connection is reset', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = () =>
      new Promise<string>((resolve) => {
        const request = openRequest(simulator().url + CHAT.path(false), {
          method: 'POST',
          agent,
          headers: headersOf('resetReused'),
        });
        request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        request.on('response', (answer) => answer.resume().on('end', () => resolve(String(answer.statusCode))));
        request.end(JSON.stringify(CHAT.body('Hello', false)));
      });
    expect([await send(), await send()]).toEqual(['200', 'ECONNRESET']);
    expect(await send()).toBe('200');
    agent.destroy();
  });
});

describe.each(DIALECTS)('counts of $name', (dialect) => {
  const simulator = useSimulator();
  const ask = (directive: string, stream: boolean) => {
    // Only Chat Completions wants to be asked for the counts of a stream.
    const wanted = dialect === CHAT && stream ? { stream_options: { include_usage: true } } : {};
    const body = { ...dialect.body('Hello', stream), ...wanted };
    return post(simulator(), dialect.path(stream), body, { ...dialect.headers, 'x-simulate': directive });
  };

  test('badUsage: below zero, or nothing where a number belongs', async () => {
    for (const stream of [true, false]) {
      expect((await ask('badUsage=negative', stream)).text).toMatch(/[Tt]oken\w*"?: ?-7|count":-7/);
      expect((await ask('badUsage=null', stream)).text).toMatch(/[Tt]oken\w*": ?null|count":null/);
    }
  });
});

describe('what comes twice', () => {
  const simulator = useSimulator();
  const ask = (directive: string) =>
    post(
      simulator(),
      CHAT.path(true),
      { ...CHAT.body('Hello', true), stream_options: { include_usage: true } },
      { 'x-simulate': directive },
    );

  test('duplicateUsage, duplicateOpening', async () => {
    const count = (text: string, pattern: RegExp) => text.match(pattern)?.length;
    expect(count((await ask('')).text, /"total_tokens"/g)).toBe(1);
    expect(count((await ask('duplicateUsage')).text, /"total_tokens"/g)).toBe(2);
    expect(count((await ask('')).text, /"role":"assistant"/g)).toBe(1);
    expect(count((await ask('duplicateOpening')).text, /"role":"assistant"/g)).toBe(2);
  });
});
