import { parseJson } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { at, DIALECTS, events, open, post, useSimulator } from './simulator-client.ts';

describe.each(DIALECTS)('broken streams of $name', (dialect) => {
  const simulator = useSimulator();
  const ask = (directive: string, stream = true) =>
    post(simulator(), dialect.path(stream), dialect.body('Hello', stream), {
      ...dialect.headers,
      'x-simulate': directive,
    });
  /** Each event's data, of either framing. */
  const payloads = (text: string): string[] =>
    text
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data: ') || line.startsWith('{'))
      .map((line) => line.replace(/^data: /, ''));

  test('malformed: one extra event of broken JSON, all words and the end arrive', async () => {
    const whole = await ask('words=60');
    const broken = await ask('words=60; malformed=11');
    const isBad = (data: string) => data !== '[DONE]' && parseJson(data) === undefined;
    expect(payloads(broken.text).filter(isBad)).toHaveLength(1);
    expect(payloads(broken.text)).toHaveLength(payloads(whole.text).length + 1);
    const bad = payloads(broken.text).findIndex(isBad);
    // The seeded words are numbered: the bad event stands where the eleventh word stood.
    expect(payloads(whole.text).findIndex((data) => /[a-z]+11"/.test(data))).toBe(bad);
    expect(dialect.streamText(broken.text)).toBe(dialect.streamText(whole.text));
  });

  test('malformed without streaming: a body that is not JSON', async () => {
    const { status, json, text } = await ask('malformed', false);
    expect(status).toBe(200);
    expect(text).not.toBe('');
    expect(json).toBeUndefined();
  });

  test('noFinish: nothing says why it ended', async () => {
    const { text } = await ask('noFinish');
    expect(text).not.toMatch(/"(stop_reason|finish_reason|done_reason|finishReason)":"/);
    expect(text).not.toMatch(/response\.(completed|incomplete)|"done":true/);
  });

  test('noUsage: no counts, streamed or whole', async () => {
    for (const stream of [true, false])
      expect((await ask('noUsage', stream)).text).not.toMatch(/input_tokens|prompt_tokens|TokenCount|eval_count/);
  });

  test('duplicateFinish: the finish comes twice', async () => {
    const finish = /"(stop_reason|finish_reason|finishReason|done_reason)":"|"status":"completed","background"/g;
    expect((await ask('')).text.match(finish)).toHaveLength(1);
    expect((await ask('duplicateFinish')).text.match(finish)).toHaveLength(2);
  });

  test('errorEvent: the format’s own error after N content events, and no clean end', async () => {
    const { text, status } = await ask('words=60; errorEvent=5');
    expect(status).toBe(200);
    expect(dialect.streamText(text).split(' ')).toHaveLength(5);
    expect(payloads(text).some((data) => at(parseJson(data), 'error') !== undefined)).toBe(true);
    expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed|finishReason|"done":true/);
  });

  test('errorEvent=0: an error before any content', async () => {
    const { text } = await ask('words=60; errorEvent=0; message="Try later"');
    expect(text).toContain('Try later');
    expect(dialect.streamText(text)).toBe('');
  });

  test('comments: keep-alives between the events change nothing', async () => {
    const plain = await ask('words=20');
    const commented = await ask('words=20; comments');
    expect(commented.text.length).toBeGreaterThan(plain.text.length);
    expect(dialect.streamText(commented.text)).toBe(dialect.streamText(plain.text));
  });

  test('gzip: the same text, compressed', async () => {
    for (const stream of [true, false]) {
      const plain = await ask('words=20', stream);
      const packed = await ask('words=20; gzip', stream);
      expect(packed.headers.get('content-encoding')).toBe('gzip');
      const text = (answer: typeof plain) => (stream ? dialect.streamText(answer.text) : dialect.textOf(answer.json));
      expect(text(packed)).toBe(text(plain));
    }
  });

  test('splitBytes: pieces of so many bytes', async () => {
    const headers = { ...dialect.headers, 'x-simulate': 'words=3; splitBytes=7' };
    const response = await open(simulator(), dialect.path(true), dialect.body('Hello', true), headers);
    const sizes: number[] = [];
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) {
      sizes.push(chunk.length);
      chunks.push(chunk);
    }
    expect(sizes.length).toBeGreaterThan(20);
    const text = Buffer.concat(chunks).toString('utf8');
    expect(dialect.streamText(text).split(' ')).toHaveLength(3);
  });
});

describe('the end marker', () => {
  const simulator = useSimulator();

  test('noDone: no [DONE] in Chat Completions, no message_stop in Anthropic', async () => {
    const [anthropic, chat] = DIALECTS;
    for (const dialect of [anthropic, chat]) {
      if (!dialect) continue;
      const headers = { ...dialect.headers, 'x-simulate': 'noDone' };
      const { text } = await post(simulator(), dialect.path(true), dialect.body('Hello', true), headers);
      expect(text).not.toMatch(/\[DONE\]|message_stop/);
      expect(text).toMatch(/"(stop_reason|finish_reason)":"/);
    }
  });

  test('an error event of Responses is followed by response.failed with the next number', async () => {
    const body = { model: 'gpt-5', input: 'Hello', stream: true };
    const { text } = await post(simulator(), '/v1/responses', body, {
      'x-simulate': 'errorEvent=2; error=server_error',
    });
    const all = events(text);
    expect(all.slice(-2).map((event) => event.event)).toEqual(['error', 'response.failed']);
    expect(all.map((event) => at(event.json, 'sequence_number'))).toEqual(all.map((_, index) => index));
    expect(at(all[0]?.json, 'response', 'id')).toBe(at(all.at(-1)?.json, 'response', 'id'));
  });
});
