import { describe, expect, test } from 'vitest';
import { createManualClock } from './manual-clock.ts';
import { DIALECTS, open, post, useSimulator } from './simulator-client.ts';
import { exchangeOverSocket } from './socket-exchange.ts';

const TERMINATOR = '\r\n0\r\n\r\n';

describe.each(DIALECTS)('broken connections of $name', (dialect) => {
  const clock = createManualClock();
  const simulator = useSimulator({ clock });
  const exchange = (directive: string, stream = true) =>
    exchangeOverSocket(simulator(), dialect.path(stream), dialect.body('Hello', stream), {
      ...dialect.headers,
      'x-simulate': directive,
    });
  /** How many words of the text came; the chunk sizes between the events do no harm. */
  const words = (received: string) => dialect.streamText(received).split(' ').filter(Boolean).length;

  test('reset: RST before any byte', async () => {
    expect(await exchange('reset')).toEqual({ received: '', ending: 'reset' });
    expect(simulator().requests[0]).toMatchObject({ aborted: false, eventsSent: 0 });
  });

  test('silent: nothing at all, then FIN after the hold', async () => {
    const outcome = exchange('silent; hold=120000');
    expect(await clock.nextTimer()).toBe(120_000);
    clock.advance(120_000);
    expect(await outcome).toEqual({ received: '', ending: 'fin' });
  });

  test('cut: FIN after N content events, without the terminator', async () => {
    const { received, ending } = await exchange('words=60; cut=40');
    expect(ending).toBe('fin');
    expect(received).toContain('200 OK');
    expect(received.endsWith(TERMINATOR)).toBe(false);
    expect(words(received)).toBe(40);
    expect(received).not.toMatch(/\[DONE\]|message_stop|response\.completed|finishReason|"done":true/);
  });

  test('cut=0: the opening and no content', async () => {
    const { received } = await exchange('words=60; cut=0');
    expect(received).toContain('200 OK');
    expect(words(received)).toBe(0);
  });

  test('stall: silence after N content events, then FIN after the hold', async () => {
    const outcome = exchange('words=60; stall=20; hold=30000');
    expect(await clock.nextTimer()).toBe(30_000);
    clock.advance(30_000);
    const { received, ending } = await outcome;
    expect(ending).toBe('fin');
    expect(words(received)).toBe(20);
    expect(received.endsWith(TERMINATOR)).toBe(false);
  });

  test('without streaming, cut and stall stop in the middle of the body', async () => {
    const { received, ending } = await exchange('words=60; cut', false);
    expect(ending).toBe('fin');
    expect(received.endsWith(TERMINATOR)).toBe(false);
    expect(received).toMatch(/\{.*[a-z]+1 [a-z]+2 /);
    expect(received).not.toMatch(/[a-z]+60\b/);
    const stalled = exchange('words=60; stall; hold=5', false);
    await clock.nextTimer();
    clock.advance(5);
    expect((await stalled).received.endsWith(TERMINATOR)).toBe(false);
  });

  test('slowFirstToken: headers at once, everything else later', async () => {
    for (const stream of [true, false]) {
      const headers = { ...dialect.headers, 'x-simulate': 'slowFirstToken' };
      const response = await open(simulator(), dialect.path(stream), dialect.body('Hello', stream), headers);
      expect(response.status).toBe(200);
      expect(await clock.nextTimer()).toBe(20_000);
      expect(simulator().requests.at(-1)?.eventsSent).toBe(0);
      clock.advance(20_000);
      expect(await response.text()).toContain('simulated');
    }
  });

  test('a caller who hangs up is noticed, and nothing more is written', async () => {
    const controller = new AbortController();
    const headers = { ...dialect.headers, 'x-simulate': 'words=60; stall=3' };
    const response = await open(
      simulator(),
      dialect.path(true),
      dialect.body('Hello', true),
      headers,
      controller.signal,
    );
    const entry = simulator().requests[0];
    expect(response.status).toBe(200);
    controller.abort();
    await entry?.done;
    expect(entry?.aborted).toBe(true);
    expect(entry?.eventsSent).toBeLessThan(20);
  });

  test('a caller who hangs up before the headers is noticed too', async () => {
    const controller = new AbortController();
    const arrived = simulator().nextRequest();
    const headers = { ...dialect.headers, 'x-simulate': 'silent' };
    const answer = open(simulator(), dialect.path(true), dialect.body('Hello', true), headers, controller.signal);
    const entry = await arrived;
    controller.abort();
    await expect(answer).rejects.toThrow();
    await entry.done;
    expect(entry.aborted).toBe(true);
    expect(entry.status).toBeUndefined();
  });

  test('a complete answer is no abort', async () => {
    await post(simulator(), dialect.path(true), dialect.body('Hello', true), dialect.headers);
    await simulator().requests[0]?.done;
    expect(simulator().requests[0]).toMatchObject({ aborted: false, status: 200 });
  });
});
