import type { Hooks } from '@signalbox/router';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestRecord } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest | undefined;
const records: RequestRecord[] = [];
afterEach(async () => {
  await under?.close();
  under = undefined;
  records.length = 0;
});

async function withHooks(hooks: Hooks, extra = ''): Promise<GatewayUnderTest> {
  under = await startGateway(extra, undefined, { hooks, onRequest: (record) => records.push(record) });
  return under;
}

const post = (path: string, body: object) =>
  fetch(`${under?.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const chat = (content: string, fields: object = {}) =>
  post('/v1/chat/completions', { model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...fields });
const say = (text: string) => under?.simulator.script([{ behave: { text } }]);

const MESSAGES = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'my secret is 1234' }],
};
const hideDigits: Hooks = { onText: (text) => text.replace(/\d{4}/g, '****') };

describe('onRequest', () => {
  it('that lets pass leaves the request on the byte lane', async () => {
    await withHooks({ onRequest: () => undefined });
    const answer = await chat('hi');
    expect(answer.headers.get('x-signalbox-lane')).toBe('bytes');
  });

  it('changes what a provider gets, by every lane, in token counts and embeddings', async () => {
    const { simulator } = await withHooks({
      onRequest: (request) => ({
        request: JSON.parse(JSON.stringify(request).replaceAll('1234', '****')) as typeof request,
      }),
    });
    expect((await chat('my secret is 1234', { stream: true })).status).toBe(200);
    expect((await post('/v1/messages', MESSAGES)).status).toBe(200);
    expect((await post('/v1/messages/count_tokens', MESSAGES)).status).toBe(200);
    await post('/v1/embeddings', { model: 'gpt-4o-mini', input: ['1234', 'b'] });
    expect(simulator.requests.length).toBeGreaterThanOrEqual(3);
    for (const { body } of simulator.requests) expect(JSON.stringify(body)).not.toContain('1234');
    expect(JSON.stringify(simulator.requests[0]?.body)).toContain('****');
  });

  it('refuses in the format of the caller, before any call', async () => {
    const { simulator } = await withHooks({ onRequest: () => ({ refuse: 'No heron may be asked about.' }) });
    const ours = await chat('hi');
    expect([ours.status, await ours.json()]).toEqual([
      400,
      { error: expect.objectContaining({ message: 'No heron may be asked about.', type: 'invalid_request_error' }) },
    ]);
    const theirs = await post('/v1/messages', MESSAGES);
    expect([theirs.status, await theirs.json()]).toEqual([
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: 'No heron may be asked about.' } },
    ]);
    expect(simulator.requests).toHaveLength(0);
  });

  it('that fails or takes too long refuses, or lets pass where that is wanted', async () => {
    const faults: string[] = [];
    const fails: Hooks = {
      onRequest: () => {
        throw new TypeError('quotes the secret prompt');
      },
      onFault: (sentence) => faults.push(sentence),
    };
    await withHooks(fails);
    expect((await chat('hi')).status).toBe(500);
    expect(faults).toEqual(['The hook onRequest threw TypeError.']);
    await under?.close();
    await withHooks({ ...fails, onFailure: 'pass' });
    expect((await chat('hi')).status).toBe(200);
    await under?.close();
    await withHooks({
      onRequest: () => new Promise(() => undefined),
      timeoutMs: 20,
      onFault: (one) => faults.push(one),
    });
    expect((await chat('hi')).status).toBe(500);
    expect(faults.at(-1)).toBe('The hook onRequest took longer than 0.02 s.');
  });

  it('may name another model', async () => {
    await withHooks({ onRequest: (request) => ({ request: { ...request, model: 'gpt-4-turbo' } }) });
    expect((await chat('hi')).headers.get('x-signalbox-model')).toBe('gpt-4-turbo');
  });
});

describe('onText', () => {
  const words = `Well, ${'so it goes. '.repeat(40)}The number is 1234, and then 5678.`;
  const hidden = words.replace('1234', '****').replace('5678', '****');

  it.each([
    ['/v1/chat/completions', { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] }],
    ['/v1/messages', { model: 'claude-haiku-4-5', max_tokens: 500, messages: [{ role: 'user', content: 'hi' }] }],
    ['/v1/messages', { model: 'gpt-4o-mini', max_tokens: 500, messages: [{ role: 'user', content: 'hi' }] }],
    ['/v1/responses', { model: 'gpt-5-mini', input: 'hi' }],
    ['/api/chat', { model: 'mistral:7b', messages: [{ role: 'user', content: 'hi' }] }],
  ])('%s: sees whole answers and streams, also where a pattern is parted by pieces', async (path, body) => {
    await withHooks(hideDigits);
    say(words);
    const whole = await (await post(path, { ...body, stream: false })).text();
    expect(whole).toContain('The number is ****, and then ****.');
    expect(whole).not.toMatch(/is 1234|then 5678/);
    const streamed = await (await post(path, { ...body, stream: true })).text();
    const text = textOf(streamed);
    expect(text).toContain(hidden);
    expect(text).not.toMatch(/1234|5678/);
  });

  it('stops an answer truthfully: the stream ends in an error of its protocol, and the call is given up and booked', async () => {
    const { rows } = await withHooks({ onText: (text) => (text.includes('1234') ? { refuse: 'Not this.' } : text) });
    say(words);
    const text = await (await chat('hi', { stream: true })).text();
    expect(text).toContain('Not this.');
    expect(text).not.toContain('[DONE]');
    expect(text).not.toContain('1234');
    const whole = await chat('hi');
    expect([whole.status, await whole.text()]).toEqual([400, expect.stringContaining('Not this.')]);
    await expect.poll(() => rows.length, { timeout: 10_000 }).toBe(2);
  });

  it('sees answers out of the cache as well', async () => {
    await withHooks(hideDigits, 'caching: { enabled: true, storage: memory }\n');
    say('It is 1234.');
    expect(await (await chat('hi', { temperature: 0 })).text()).toContain('It is ****.');
    const again = await chat('hi', { temperature: 0 });
    expect([again.headers.get('x-signalbox-cache'), await again.text()]).toEqual([
      'hit',
      expect.stringContaining('It is ****.'),
    ]);
  });

  it('leaves an upstream that breaks off broken', async () => {
    await withHooks(hideDigits, 'fallback: { enabled: false }\n');
    const text = await (await chat('[[simulate: words=80; cut=40]] hi', { stream: true })).text();
    expect(text).not.toContain('[DONE]');
    expect(text).toContain('error');
  });
});

describe('onResponse', () => {
  it('may change a whole answer, and refuse a stream before its end is said', async () => {
    await withHooks({
      onResponse: (response, { stream }) =>
        stream ? { refuse: 'Too short.' } : { response: { ...response, parts: [{ type: 'text', text: 'Changed.' }] } },
    });
    expect(await (await chat('hi')).text()).toContain('Changed.');
    const text = await (await chat('hi', { stream: true })).text();
    expect(text).toContain('Too short.');
    expect(text).not.toMatch(/\[DONE\]|"finish_reason":"stop"/);
  });
});

/** The text of a stream, whatever its format. */
function textOf(stream: string): string {
  return stream
    .split('\n')
    .flatMap((line) => {
      const data = line.replace(/^data: /, '');
      if (!data.startsWith('{')) return [];
      const event = JSON.parse(data);
      const delta = event.type === 'response.output_text.delta' ? event.delta : undefined;
      return delta ?? event.delta?.text ?? event.choices?.[0]?.delta?.content ?? event.message?.content ?? [];
    })
    .join('');
}

describe('what becomes of an answer that a hook does not let through', () => {
  const STOP = { refuse: 'Not that.' };
  const throwing = () => {
    throw new TypeError('a planted word');
  };

  it('is told with the call that was paid for, under the id of the ledger', async () => {
    const { rows } = await withHooks({ onText: () => STOP });
    const answer = await chat('hi');
    expect(answer.status).toBe(400);
    expect(records).toMatchObject([
      { status: 400, outcome: 'refused', error: 'invalid-request', attempts: [{ outcome: 'success' }] },
    ]);
    expect(rows.map((row) => row.decision.id)).toEqual([records[0]?.id]);
    expect(answer.headers.get('x-signalbox-decision')).toBe(records[0]?.id);
    expect(answer.headers.get('x-signalbox-attempts')).toBe('1');
    expect(Number(answer.headers.get('x-signalbox-cost'))).toBeGreaterThan(0);
  });

  it.each([
    ['in its middle', { onText: () => STOP }, 'refused', 'invalid-request'],
    ['at its end', { onResponse: () => STOP }, 'refused', 'invalid-request'],
    ['by a hook that fails', { onText: throwing }, 'broken', 'internal'],
  ] as const)(
    'is told of a stream that is stopped %s: its caller did not give it up',
    async (_, hooks, outcome, error) => {
      await withHooks(hooks);
      say('one two three');
      expect(await (await chat('hi', { stream: true })).text()).not.toContain('[DONE]');
      await expect.poll(() => records).toMatchObject([{ status: 200, outcome, error, provider: 'openai' }]);
      expect(records[0]?.attempts).toHaveLength(1);
    },
  );
});
