import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, serveGateway } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway();
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

const chat = (fields: object = {}) => ({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Say hello' }],
  ...fields,
});
const messages = (fields: object = {}) => ({
  model: 'claude-haiku-4-5',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Say hello' }],
  ...fields,
});

function post(path: string, body: object | string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const dataOf = (stream: string) =>
  stream
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice('data: '.length)));

describe('an exact model, same format in and out', () => {
  it('goes through on the byte lane: unknown fields reach the provider, its answer comes back as it is', async () => {
    const answer = await post('/v1/chat/completions', chat({ some_new_field: { kept: [1, 2] } }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-signalbox-lane')).toBe('bytes');
    expect(answer.headers.get('x-signalbox-model')).toBe('gpt-4o-mini');
    const body = await answer.json();
    expect(body).toMatchObject({ object: 'chat.completion', choices: [{ message: { role: 'assistant' } }] });
    expect(under.simulator.requests[0]?.body).toMatchObject({ some_new_field: { kept: [1, 2] } });
  });

  it('streams Chat Completions; the usage chunk that was not asked for stays out, and is booked', async () => {
    const answer = await post('/v1/chat/completions', chat({ stream: true }));
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const text = await answer.text();
    const chunks = dataOf(text);
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(chunks.every((chunk) => chunk.choices.length === 1)).toBe(true);
    expect(chunks.at(-1).choices[0].finish_reason).toBe('stop');
    expect(under.rows.at(-1)?.attempt).toMatchObject({
      lane: 'bytes',
      outcome: 'success',
      usage: { provenance: 'reported' },
    });
  });

  it('shows the usage chunk to a caller who asked for it', async () => {
    const answer = await post('/v1/chat/completions', chat({ stream: true, stream_options: { include_usage: true } }));
    expect(dataOf(await answer.text()).at(-1).usage.prompt_tokens).toBeGreaterThan(0);
  });

  it('streams Messages with betas and version of the caller', async () => {
    const answer = await post('/v1/messages', messages({ stream: true }), {
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'some-beta-1',
    });
    expect(answer.headers.get('x-signalbox-lane')).toBe('bytes');
    const types = dataOf(await answer.text()).map((event) => event.type);
    expect(types[0]).toBe('message_start');
    expect(types.at(-1)).toBe('message_stop');
    expect(under.simulator.requests[0]?.headers).toMatchObject({
      'anthropic-beta': 'some-beta-1',
      'anthropic-version': '2023-06-01',
    });
  });

  it('supplies the version that a caller left out', async () => {
    const answer = await post('/v1/messages', messages());
    expect(answer.status).toBe(200);
    expect(under.simulator.requests[0]?.headers['anthropic-version']).toBe('2023-06-01');
  });
});

describe('both versions of Anthropic’s API, with either header for the key', () => {
  const callers = ['2023-06-01', '2026-10-21'].flatMap((version): Record<string, string>[] => [
    { 'anthropic-version': version, 'x-api-key': 'callers-key' },
    { 'anthropic-version': version, authorization: 'Bearer callers-key' },
  ]);

  it.each(callers)('streams from each format for %o', async (headers) => {
    for (const model of ['claude-haiku-4-5', 'gpt-4o-mini', 'gpt-5-mini', 'gemini-2.5-flash', 'mistral:7b']) {
      const answer = await post('/v1/messages', messages({ model, stream: true }), headers);
      const types = dataOf(await answer.text()).map((event) => event.type);
      expect([types[0], types.at(-1)]).toEqual(['message_start', 'message_stop']);
      // The caller's key opens our door, not the provider's.
      expect(JSON.stringify(under.simulator.requests.at(-1))).not.toContain('callers-key');
    }
  });

  it.each(['gpt-4o-mini', 'gpt-5-mini', 'gemini-2.5-flash', 'mistral:7b'])(
    'begins with an estimate of the input, which some clients read there alone, and ends with what was counted: %s',
    async (model) => {
      under.simulator.script([{ behave: { text: 'Four.', inputTokens: 777 } }]);
      const question = { role: 'user', content: 'How many boats are in the harbour? '.repeat(100) };
      const answer = await post('/v1/messages', messages({ model, stream: true, messages: [question] }));
      const events = dataOf(await answer.text());
      const begun = events[0].message.usage.input_tokens;
      expect(begun).toBeGreaterThan(500);
      expect(begun).toBeLessThan(1_500);
      expect(events.find(({ type }) => type === 'message_delta').usage.input_tokens).toBe(777);
    },
  );

  it.each(callers)('counts and answers whole for %o', async (headers) => {
    const answer = await post('/v1/messages', messages(), headers);
    expect(await answer.json()).toMatchObject({ type: 'message', role: 'assistant' });
    expect(under.simulator.requests.at(-1)?.headers['anthropic-version']).toBe(headers['anthropic-version']);
    const count = await post('/v1/messages/count_tokens', messages({ max_tokens: undefined }), headers);
    expect(await count.json()).toMatchObject({ input_tokens: expect.any(Number) });
    expect(under.simulator.requests.at(-1)?.headers['anthropic-version']).toBe(headers['anthropic-version']);
  });

  it('refuses sampling under the newer one, whoever would answer', async () => {
    for (const model of ['claude-haiku-4-5', 'gpt-4o-mini', 'gemini-2.5-flash']) {
      const answer = await post('/v1/messages', messages({ model, temperature: 1 }), {
        'anthropic-version': '2026-10-21',
      });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        error: { type: 'invalid_request_error', message: expect.stringContaining('temperature') },
      });
    }
  });
});

describe('another format behind', () => {
  it('Messages in, Chat Completions behind', async () => {
    const answer = await post('/v1/messages', messages({ model: 'gpt-4o-mini', stream: true, system: 'Be brief.' }));
    expect(answer.headers.get('x-signalbox-lane')).toBe('canonical');
    const events = dataOf(await answer.text());
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining(['message_start', 'content_block_delta', 'message_stop']),
    );
    expect(under.simulator.requests[0]?.path).toBe('/openai/v1/chat/completions');
    expect(under.simulator.requests[0]?.body).toMatchObject({
      model: 'gpt-4o-mini',
      messages: [{ content: 'Be brief.' }, { role: 'user' }],
    });
  });

  it('Chat Completions in, Messages behind, whole', async () => {
    const answer = await post('/v1/chat/completions', chat({ model: 'claude-haiku-4-5' }));
    const body = (await answer.json()) as {
      choices: { message: { content: string } }[];
      usage: Record<string, number>;
    };
    expect(body.choices[0]?.message.content.length).toBeGreaterThan(10);
    expect(body.usage.total_tokens).toBe((body.usage.prompt_tokens ?? 0) + (body.usage.completion_tokens ?? 0));
    expect(under.simulator.requests[0]?.path).toBe('/anthropic/v1/messages');
  });
});

describe('what a translation loses', () => {
  const seeded = chat({ model: 'claude-haiku-4-5', seed: 7 });

  it('is named in a header', async () => {
    const answer = await post('/v1/chat/completions', seeded);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-signalbox-loss')).toMatch(/dropped \S*seed/);
  });

  it('is refused on demand, before anything is sent', async () => {
    const answer = await post('/v1/chat/completions', seeded, { 'x-signalbox-strict': 'true' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringMatching(/strict: it would lose \S*seed/) },
    });
    expect(under.simulator.requests).toHaveLength(0);
  });
});

describe("a model's thoughts", () => {
  it('come back signed to their issuer through a caller whose format has no place for the signature', async () => {
    const tools = [
      {
        type: 'function',
        function: { name: 'look', parameters: { type: 'object', properties: { where: { type: 'string' } } } },
      },
    ];
    const ask = { model: 'claude-haiku-4-5', reasoning_effort: 'medium', max_completion_tokens: 4000, tools };
    const question = { role: 'user', content: '[[simulate: toolCall=look {"where":"there"}]] Please look' };
    const first = (await (await post('/v1/chat/completions', { ...ask, messages: [question] })).json()) as {
      choices: { message: { tool_calls: { id: string }[] } }[];
    };
    const message = first.choices[0]?.message;
    expect(JSON.stringify(message)).not.toContain('signature');
    const result = { role: 'tool', tool_call_id: message?.tool_calls[0]?.id, content: 'nothing there' };
    const second = await post('/v1/chat/completions', { ...ask, messages: [question, message, result] });
    expect(second.status).toBe(200);
    const sent = under.simulator.requests[1]?.body as { messages: { role: string; content: { type: string }[] }[] };
    expect(sent.messages[1]?.content.map((block) => block.type)).toEqual(['thinking', 'tool_use']);
    expect(sent.messages[1]?.content[0]).toMatchObject({ signature: expect.any(String) });
  });
});

describe('auto', () => {
  it('is routed by the configured strategy, and the answer says to whom', async () => {
    const answer = await post(
      '/v1/messages',
      messages({ model: 'auto', messages: [{ role: 'user', content: 'What is the capital of Portugal?' }] }),
    );
    expect(answer.headers.get('x-signalbox-strategy')).toBe('best_for_task');
    expect(answer.headers.get('x-signalbox-model')).toBe('claude-haiku-4-5');
    expect(await answer.json()).toMatchObject({ model: 'claude-haiku-4-5' });
  });

  it('fails over unseen, and names the model that answered', async () => {
    under.simulator.script([{ when: { path: '/anthropic/v1/messages' }, behave: { status: 503 } }]);
    const answer = await post('/v1/chat/completions', chat({ model: 'auto', stream: true }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-signalbox-provider')).toBe('openai');
    expect(Number(answer.headers.get('x-signalbox-attempts'))).toBeGreaterThan(1);
    expect(dataOf(await answer.text())[0].model).toContain('gpt-');
  });
});

describe('a stream that is cut after its first words', () => {
  it("ends in the caller's own protocol's error", async () => {
    const cut = await post(
      '/v1/chat/completions',
      chat({ stream: true, messages: [{ role: 'user', content: '[[simulate: words=40; cut=10]] go' }] }),
    );
    const text = await cut.text();
    expect(dataOf(text).at(-1).error.message).toContain('openai');
    expect(text).not.toContain('[DONE]');

    const anthropicCut = await post(
      '/v1/messages',
      messages({ stream: true, messages: [{ role: 'user', content: '[[simulate: words=40; cut=10]] go' }] }),
    );
    const events = dataOf(await anthropicCut.text());
    expect(events.at(-1)).toMatchObject({ type: 'error' });
    expect(events.map((event) => event.type)).not.toContain('message_stop');
  });
});

describe('a stream that is continued by another model', () => {
  it('names the model that really answers in its last chunks, in every lane', async () => {
    under.simulator.script([
      { when: { path: '/anthropic/v1/messages', nth: 1 }, behave: { words: 40, cut: 10 } },
      { when: { path: '/anthropic/v1/messages' }, behave: { status: 500 } },
      { behave: { words: 40 } },
    ]);
    const answer = await post(
      '/v1/chat/completions',
      chat({ model: 'auto', stream: true, messages: [{ role: 'user', content: 'What is the capital of Portugal?' }] }),
    );
    const chunks = dataOf(await answer.text());
    expect(chunks[0].model).toContain('claude');
    expect(chunks.at(-1).model).not.toContain('claude');
    expect(chunks.at(-1).choices[0].finish_reason).toBe('stop');
    const words = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(words.trim().split(/\s+/)).toHaveLength(40);
  });
});

describe('a caller who hangs up', () => {
  it('ends the call to the provider, and what was used is booked', async () => {
    const controller = new AbortController();
    const answer = await fetch(`${under.gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        messages({ stream: true, messages: [{ role: 'user', content: '[[simulate: words=40; stall=5]] go' }] }),
      ),
      signal: controller.signal,
    });
    await answer.body?.getReader().read();
    controller.abort();
    const logged = under.simulator.requests[0];
    await logged?.done;
    expect(logged?.aborted).toBe(true);
    await expect.poll(() => under.rows.at(-1)?.attempt.outcome).toBe('aborted');
  });
});

describe('bad input', () => {
  it("is answered in the caller's protocol, naming what is wrong", async () => {
    const cases: [string, object | string, number, RegExp][] = [
      ['/v1/chat/completions', '{"model":', 400, /not a JSON object/],
      ['/v1/chat/completions', '[]', 400, /not a JSON object/],
      [
        '/v1/chat/completions',
        '{"model":"gpt-4o-mini","stream":true,"stream_options":{},"stream_options":{}}',
        400,
        /"stream_options" twice/,
      ],
      ['/v1/chat/completions', chat({ model: 'gpt-4o-mni' }), 404, /unknown\. Did you mean gpt-4o-mini/],
      ['/v1/chat/completions', chat({ model: 'claude-haiku-4-5', messages: 'hi' }), 400, /messages/],
      ['/v1/messages', messages({ model: 'gpt-4o-mini', messages: [{ role: 'nobody', content: 'x' }] }), 400, /role/],
      ['/v1/messages', messages({ model: 7 }), 400, /"model" must be a string/],
    ];
    for (const [path, body, status, message] of cases) {
      const answer = await post(path, body);
      expect(answer.status, JSON.stringify(body)).toBe(status);
      const error = { message: expect.stringMatching(message), type: expect.any(String) };
      expect(await answer.json()).toMatchObject({ error });
    }
    expect(under.simulator.requests).toHaveLength(0);
  });

  it('a body above the limit is refused before it is read', async () => {
    const app = createGateway({ router: under.ready.router, maxBodyBytes: 1024 * 1024 });
    const answer = await app.request('/v1/messages', {
      method: 'POST',
      body: JSON.stringify(messages({ system: 'x'.repeat(2_000_000) })),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type: 'request_too_large' } });
  });

  it("a provider's own refusal keeps its status and words", async () => {
    const answer = await post(
      '/v1/messages',
      messages({ messages: [{ role: 'user', content: '[[simulate: status=400; error=context_length_exceeded]] x' }] }),
    );
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('prompt is too long') } });
  });

  it('a rate limit keeps its retry-after', async () => {
    const answer = await post(
      '/v1/chat/completions',
      chat({ messages: [{ role: 'user', content: '[[simulate: status=429; retryAfter=7]] x' }] }),
    );
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  it('an unknown path says what there is', async () => {
    const answer = await fetch(`${under.gateway.url}/v2/nothing`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('POST /v1/messages') } });
  });
});

describe('who may ask', () => {
  it('web pages may not: another Origin or Host is refused', async () => {
    expect((await post('/v1/messages', messages(), { origin: 'https://evil.example' })).status).toBe(403);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(under.gateway.url);
      const call = httpRequest(
        { host: '127.0.0.1', port, path: '/healthz', headers: { host: 'rebound.example' } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      call.on('error', reject);
      call.end();
    });
    expect(status).toBe(403);
    expect((await post('/v1/messages', messages(), { origin: 'http://localhost:3000' })).status).toBe(200);
  });

  it('the gateway does not listen where others can reach it', async () => {
    await expect(serveGateway({ router: under.ready.router, host: '0.0.0.0', port: 0 })).rejects.toMatchObject({
      kind: 'configuration',
    });
  });

  it('a port in use is one sentence', async () => {
    const port = Number(new URL(under.gateway.url).port);
    await expect(serveGateway({ router: under.ready.router, port })).rejects.toThrow(/port \d+ is in use/);
  });
});

describe('side endpoints', () => {
  it('answer', async () => {
    expect(await (await fetch(`${under.gateway.url}/healthz`)).json()).toEqual({ status: 'ok' });
    const openaiList = (await (await fetch(`${under.gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
    expect(openaiList.data.map((model) => model.id)).toEqual([
      'auto',
      'signalbox/best_for_task',
      'signalbox/cost_optimized',
      'signalbox/performance_optimized',
      'signalbox/round_robin',
      'signalbox/custom_rules',
      'claude-sonnet-4-5',
      'claude-haiku-4-5',
      'gpt-4-turbo',
      'gpt-4o-mini',
      'gemini-2.5-flash',
      'gpt-5-mini',
      'mistral:7b',
    ]);
    const anthropicList = await (
      await fetch(`${under.gateway.url}/v1/models`, { headers: { 'anthropic-version': '2023-06-01' } })
    ).json();
    expect(anthropicList).toMatchObject({
      has_more: false,
      first_id: 'auto',
      data: [{ type: 'model', display_name: expect.any(String) }, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}],
    });
  });
});
