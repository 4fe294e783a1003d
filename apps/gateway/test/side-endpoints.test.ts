import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveGateway } from '../src/index.ts';
import { openConnection } from './raw-request.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway();
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

async function post(
  path: string,
  body: object,
  url = under.gateway.url,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const user = [{ role: 'user', content: 'How many tokens is this, I wonder?' }];

describe('token counting', () => {
  it('is exact where the provider counts', async () => {
    const { status, headers, body } = await post('/v1/messages/count_tokens', {
      model: 'claude-haiku-4-5',
      messages: user,
    });
    expect([status, headers.get('x-signalbox-count')]).toEqual([200, 'counted']);
    expect(body).toEqual({ input_tokens: expect.any(Number) });
    expect(under.simulator.requests[0]).toMatchObject({
      path: '/anthropic/v1/messages/count_tokens',
      body: { messages: expect.any(Array) },
    });
    expect(under.simulator.requests[0]?.body).not.toHaveProperty('max_tokens');
  });

  it('is exact across formats too', async () => {
    const { headers, body } = await post('/v1/messages/count_tokens', {
      model: 'gemini-2.5-flash',
      system: 'Be brief.',
      messages: user,
    });
    expect(headers.get('x-signalbox-count')).toBe('counted');
    expect(body).toEqual({ input_tokens: expect.any(Number) });
    expect(under.simulator.requests[0]?.path).toContain('gemini-2.5-flash:countTokens');
  });

  it('is an estimate, marked as one, where nobody counts, and where the provider fails', async () => {
    const elsewhere = await post('/v1/messages/count_tokens', { model: 'mistral:7b', messages: user });
    expect(elsewhere.headers.get('x-signalbox-count')).toBe('estimated');
    under.simulator.script([{ behave: { status: 500 } }]);
    const failed = await post('/v1/messages/count_tokens', { model: 'claude-haiku-4-5', messages: user });
    expect([failed.status, failed.headers.get('x-signalbox-count')]).toEqual([200, 'estimated']);
    expect((failed.body as { input_tokens: number }).input_tokens).toBeGreaterThan(5);
  });

  it('is refused instead of estimated where the gateway is set to that: Claude Code then counts by itself', async () => {
    const exact = await serveGateway({ router: under.ready.router, port: 0, countTokens: 'exact' });
    try {
      const count = (model: string) => post('/v1/messages/count_tokens', { model, messages: user }, exact.url);
      expect((await count('claude-haiku-4-5')).status).toBe(200);
      const { status, headers, body } = await count('mistral:7b');
      expect([status, headers.get('x-should-retry')]).toEqual([501, 'false']);
      expect(body).toMatchObject({
        error: { type: 'not_supported', message: expect.stringContaining('counts no tokens') },
      });
    } finally {
      await exact.close(0);
    }
  });

  it.each([
    ['gemini-2.5-flash', '/google/v1beta/models/gemini-2.5-flash:countTokens'],
    ['claude-haiku-4-5', '/anthropic/v1/messages/count_tokens'],
    ['gpt-4o-mini', '/openai/v1/responses/input_tokens'],
  ])('is that of the model in the path: %s', async (model, upstream) => {
    const contents = [{ role: 'user', parts: [{ text: 'Hello there' }] }];
    const { status, headers } = await post(`/v1beta/models/${model}:countTokens`, { contents });
    expect([status, headers.get('x-signalbox-model')]).toEqual([200, model]);
    expect(under.simulator.requests.map(({ path }) => path)).toEqual([upstream]);
  });

  it('takes a whole request of Google’s in its wrapping, instruction and tools included', async () => {
    const generateContentRequest = {
      model: 'models/claude-haiku-4-5',
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hello there' }] }],
    };
    const { status } = await post('/v1beta/models/claude-haiku-4-5:countTokens', { generateContentRequest });
    expect(status).toBe(200);
    expect(JSON.stringify(under.simulator.requests[0]?.body)).toMatch(
      /Be brief\..*Hello there|Hello there.*Be brief\./,
    );
  });

  it("answers in Google's words to Google's clients", async () => {
    const { body } = await post('/v1beta/models/claude-haiku-4-5:countTokens', {
      contents: [{ role: 'user', parts: [{ text: 'Hello there' }] }],
    });
    expect(body).toMatchObject({ totalTokens: expect.any(Number) });
  });
});

describe('embeddings', () => {
  it('come from the model named, as numbers or as base64', async () => {
    const plain = await post('/v1/embeddings', { model: 'text-embedding-3-small', input: ['one', 'two'] });
    expect(plain.status).toBe(200);
    const { data } = plain.body as { data: { index: number; embedding: number[] }[] };
    expect(data.map((row) => row.index)).toEqual([0, 1]);
    const packed = await post('/v1/embeddings', {
      model: 'text-embedding-3-small',
      input: 'one',
      encoding_format: 'base64',
    });
    const [row] = (packed.body as { data: { embedding: string }[] }).data;
    const bytes = Buffer.from(row?.embedding ?? '', 'base64');
    expect(bytes.readFloatLE(0)).toBeCloseTo(data[0]?.embedding[0] ?? Number.NaN, 5);
    expect(under.rows.at(-1)?.attempt).toMatchObject({ model: 'text-embedding-3-small', usage: { outputTokens: 0 } });
  });

  it('cross formats: OpenAI in, Gemini behind, and the other way round', async () => {
    const gemini = await post('/v1/embeddings', {
      model: 'gemini-embedding-001',
      input: ['one', 'two'],
      dimensions: 64,
    });
    expect(gemini.body).toMatchObject({ object: 'list', data: [{ index: 0 }, { index: 1 }] });
    expect(under.simulator.requests[0]?.path).toContain('gemini-embedding-001:batchEmbedContents');
    const openai = await post('/v1beta/models/text-embedding-3-small:embedContent', {
      content: { parts: [{ text: 'one' }] },
    });
    expect(openai.body).toMatchObject({ embedding: { values: expect.any(Array) } });
  });

  it('of a batch keep what each of its texts says of itself', async () => {
    const document = (text: string) => ({
      model: 'models/gemini-embedding-001',
      content: { parts: [{ text }] },
      taskType: 'RETRIEVAL_DOCUMENT',
      title: `About ${text}`,
    });
    const requests = [document('boats'), document('trains')];
    expect((await post('/v1beta/models/gemini-embedding-001:batchEmbedContents', { requests })).status).toBe(200);
    expect(under.simulator.requests[0]?.body).toMatchObject({ requests });
  });

  it('are refused where the model makes none, or the input can not be taken', async () => {
    const chat = await post('/v1/embeddings', { model: 'gpt-4o-mini', input: 'x' });
    expect([chat.status, chat.body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringMatching(/makes no embeddings/) }) },
    ]);
    expect((await post('/v1/embeddings', { model: 'text-embedding-3-small' })).status).toBe(400);
    const tokens = await post('/v1/embeddings', { model: 'gemini-embedding-001', input: [[1, 2, 3]] });
    expect(tokens.body).toMatchObject({ error: { message: expect.stringMatching(/not lists of tokens/) } });
  });
});

describe("Google's API", () => {
  const contents = [{ role: 'user', parts: [{ text: 'Say hello' }] }];

  for (const model of ['gemini-2.5-flash', 'claude-haiku-4-5', 'gpt-4o-mini']) {
    it(`answers and streams, ${model} behind`, async () => {
      const { status, body } = await post(`/v1beta/models/${model}:generateContent`, { contents });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }],
        usageMetadata: { totalTokenCount: expect.any(Number) },
      });
      const stream = await fetch(
        `${under.gateway.url}/v1beta/models/${model}:streamGenerateContent?alt=sse&key=secret`,
        {
          method: 'POST',
          body: JSON.stringify({ contents }),
        },
      );
      const text = await stream.text();
      expect(text).toContain('"finishReason"');
      expect(JSON.stringify(under.simulator.requests)).not.toContain('secret');
    });
  }

  it('streams a JSON array to callers who do not ask for events, also one that breaks off', async () => {
    const stream = async (text: string) => {
      const answer = await fetch(`${under.gateway.url}/v1beta/models/claude-haiku-4-5:streamGenerateContent`, {
        method: 'POST',
        body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text }] }] }),
      });
      expect(answer.headers.get('content-type')).toContain('application/json');
      return JSON.parse(await answer.text()) as { candidates?: { finishReason?: string }[]; error?: object }[];
    };
    expect((await stream('Say hello')).at(-1)?.candidates?.[0]?.finishReason).toBe('STOP');
    const broken = await stream('[[simulate: words=30; cut=5]] x');
    expect(broken.length).toBeGreaterThan(2);
    expect(broken.at(-1)).toHaveProperty('error');
  });

  it('lists its models and refuses what it has not, in its own shape', async () => {
    const list = (await (await fetch(`${under.gateway.url}/v1beta/models`)).json()) as { models: { name: string }[] };
    expect(list.models.map((model) => model.name)).toContain('models/gemini-2.5-flash');
    const unknown = await post('/v1beta/models/gemini-2.5-flash:dance', {});
    expect(unknown.body).toMatchObject({
      error: { status: expect.any(String), message: expect.stringMatching(/no method "dance"/) },
    });
  });
});

describe("Ollama's API", () => {
  const messages = [{ role: 'user', content: 'Say hello' }];

  for (const model of ['mistral:7b', 'claude-haiku-4-5']) {
    it(`answers whole, and streams unless told otherwise, ${model} behind`, async () => {
      under.simulator.script([{ behave: { words: 60 } }]);
      const whole = await post('/api/chat', { model, messages, stream: false });
      expect(whole.body).toMatchObject({
        done: true,
        done_reason: 'stop',
        message: { role: 'assistant', content: expect.any(String) },
      });
      const answer = await fetch(`${under.gateway.url}/api/chat`, {
        method: 'POST',
        body: JSON.stringify({ model, messages }),
      });
      expect(answer.headers.get('content-type')).toContain('ndjson');
      const lines = (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { done: boolean });
      expect(lines.length).toBeGreaterThan(2);
      expect(lines.map((line) => line.done).lastIndexOf(false)).toBe(lines.length - 2);
    });
  }

  it('lists, shows and embeds', async () => {
    const tags = (await (await fetch(`${under.gateway.url}/api/tags`)).json()) as { models: { name: string }[] };
    expect(tags.models.map((model) => model.name)).toContain('mistral:7b');
    expect(await (await fetch(`${under.gateway.url}/api/version`)).json()).toEqual({ version: expect.any(String) });
    expect((await post('/api/show', { model: 'claude-haiku-4-5' })).body).toMatchObject({
      capabilities: ['completion', 'tools', 'vision', 'thinking'],
    });
    expect((await post('/api/show', { model: 'nothing' })).status).toBe(404);
    expect((await post('/api/embed', { model: 'text-embedding-3-small', input: 'one' })).body).toMatchObject({
      embeddings: [expect.any(Array)],
    });
  });

  it('embeds one text for older clients, whoever makes the vector', async () => {
    const embedders = (simulator: string) => `
  openai: { endpoint: "${simulator}/openai/v1", api_key: k, models: [text-embedding-3-small] }
  local: { endpoint: "${simulator}", models: [nomic-embed-text] }`;
    const { gateway, simulator, close } = await startGateway('', embedders);
    const embed = (fields: object) => post('/api/embeddings', fields, gateway.url);
    try {
      const asked = { options: { num_ctx: 512 }, keep_alive: '5m' };
      const local = await embed({ model: 'nomic-embed-text', prompt: 'one', ...asked });
      const newer = await post('/api/embed', { model: 'nomic-embed-text', input: 'one' }, gateway.url);
      const { embeddings } = newer.body as { embeddings: readonly unknown[] };
      expect([local.status, local.body]).toEqual([200, { embedding: embeddings[0] }]);
      const [request] = simulator.requests;
      expect(request).toMatchObject({ path: '/api/embed', body: { input: ['one'], ...asked } });
      expect(request?.body).not.toHaveProperty('prompt');
      const other = await embed({ model: 'text-embedding-3-small', prompt: 'one' });
      expect(other.body).toEqual({ embedding: expect.any(Array) });
      for (const prompt of [undefined, '', ['one']]) {
        const { status, body } = await embed({ model: 'nomic-embed-text', prompt });
        expect([status, body]).toEqual([400, { error: expect.stringMatching(/"prompt" must be a text/) }]);
      }
    } finally {
      await close();
    }
  });

  it('is there for clients that look first', async () => {
    for (const path of ['/', '/api/hello']) {
      expect((await fetch(`${under.gateway.url}${path}`, { method: 'HEAD' })).status, path).toBe(200);
    }
  });
});

describe('the Responses API', () => {
  it('goes through on the byte lane to a provider that speaks it, and is translated for others', async () => {
    const own = await post('/v1/responses', { model: 'gpt-4o-mini', input: 'Say hello', some_new_field: 1 });
    expect([own.status, own.headers.get('x-signalbox-lane')]).toEqual([200, 'bytes']);
    expect(under.simulator.requests[0]).toMatchObject({ path: '/openai/v1/responses', body: { some_new_field: 1 } });
    const other = await post('/v1/responses', { model: 'claude-haiku-4-5', input: 'Say hello' });
    expect([other.status, other.headers.get('x-signalbox-lane')]).toEqual([200, 'canonical']);
    expect(other.body).toMatchObject({ object: 'response', status: 'completed' });
  });

  it('refuses elsewhere to go on from what a provider keeps, naming the field', async () => {
    const { status, body } = await post('/v1/responses', {
      model: 'claude-haiku-4-5',
      input: 'Go on',
      previous_response_id: 'resp_1',
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { message: expect.stringMatching(/previous_response_id refers to what a provider/) },
    });
    expect(under.simulator.requests).toHaveLength(0);
  });

  it('goes on where the conversation is, whatever the strategy would choose', async () => {
    const first = await post('/v1/responses', { model: 'gpt-4o-mini', input: 'Remember me' });
    const { id } = first.body as { id: string };
    const second = await post('/v1/responses', {
      model: 'auto',
      input: 'What is the capital of Portugal?',
      previous_response_id: id,
    });
    expect([second.status, second.headers.get('x-signalbox-provider')]).toEqual([200, 'openai']);
    const lost = await post('/v1/responses', { model: 'claude-haiku-4-5', input: 'x', previous_response_id: id });
    expect([lost.status, lost.body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringMatching(/what openai keeps/) }) },
    ]);
  });

  it('counts tokens, and sends clients that try a WebSocket back to HTTP', async () => {
    const count = await post('/v1/responses/input_tokens', { model: 'gpt-4o-mini', input: 'How long is this?' });
    expect([count.headers.get('x-signalbox-count'), count.body]).toEqual([
      'counted',
      { object: 'response.input_tokens', input_tokens: expect.any(Number) },
    ]);
    // A proxy between may have taken the first two lines away.
    for (const upgrade of ['connection: Upgrade\r\nupgrade: websocket\r\n', '']) {
      const { write, answer, socket } = await openConnection(under.gateway.url);
      const rest = 'sec-websocket-version: 13\r\nsec-websocket-key: x\r\n\r\n';
      await write(`GET /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\n${upgrade}${rest}`);
      const { status, head, json } = await answer();
      socket.destroy();
      expect(status).toBe(426);
      expect(head).toMatch(/\r\nupgrade: HTTP\/1\.1\r\n/i);
      expect(head).toMatch(/\r\nconnection: upgrade\r\n/i);
      const error = { type: 'invalid_request_error', message: expect.stringContaining('POST') };
      expect(json()).toEqual({ error: expect.objectContaining(error) });
    }
  });
});

describe('embeddings under a budget', () => {
  it('are refused before any call where the money does not cover them', async () => {
    const poor = await startGateway('budget: { per_request: 0.000000001 }');
    try {
      const answer = await fetch(`${poor.gateway.url}/v1/embeddings`, {
        method: 'POST',
        body: JSON.stringify({ model: 'text-embedding-3-small', input: 'How dear is this sentence, I wonder?' }),
      });
      expect(answer.status).toBe(429);
      expect(await answer.json()).toMatchObject({ error: { message: expect.stringMatching(/more than the \$\S+/) } });
      expect(poor.simulator.requests).toHaveLength(0);
    } finally {
      await poor.close();
    }
  });
});
