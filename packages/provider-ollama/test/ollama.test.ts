import { createResponseFold, type ModelRequest, type ProviderSettings, responseText } from '@signalbox/core';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOllama, ollama } from '../src/index.ts';

const request: ModelRequest = {
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Say hello.' }] }],
  maxOutputTokens: 200,
};

describe('against a server with templates of its own', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  async function ask(settings: ProviderSettings, stream: boolean) {
    const provider = createOllama(settings);
    const { client } = provider.format;
    const seen = simulator.requests.length;
    try {
      const encoded = client.encodeRequest(request, {
        model: 'mistral:7b',
        stream,
        provider: provider.id,
        quirks: provider.quirks,
      });
      const reply = await provider.send({
        path: encoded.path,
        headers: encoded.headers,
        body: JSON.stringify(encoded.body),
        stream,
        signal: new AbortController().signal,
      });
      const logged = simulator.requests[seen];
      expect(reply.status).toBe(200);
      if (!stream) {
        const body: unknown = JSON.parse(new TextDecoder().decode(await reply.bytes()));
        return { logged, response: client.decodeResponse(body, { provider: provider.id }) };
      }
      const fold = createResponseFold();
      const decoder = client.createStreamDecoder({ provider: provider.id });
      for await (const frames of reply.frames()) {
        for (const frame of frames) for (const event of decoder.decode(frame)) fold.add(event);
      }
      for (const event of decoder.end()) fold.add(event);
      return { logged, response: fold.response() };
    } finally {
      await provider.close();
    }
  }

  it.each([false, true])('answers (stream: %s)', async (stream) => {
    const { response } = await ask({ endpoint: simulator.url }, stream);
    expect(responseText(response)).not.toBe('');
    expect(response.finish.reason).toBe('stop');
    expect(response.usage?.inputTokens).toBeGreaterThan(0);
  });

  it.each(['', '/', '/api', '/api/', '/api/chat', '/v1', '/v1/', '/v1/chat/completions'])(
    'finds the server’s root in an endpoint that ends in “%s”',
    async (ending) => {
      const { logged } = await ask({ endpoint: `${simulator.url}${ending}` }, false);
      expect(logged?.path).toBe('/api/chat');
    },
  );

  it('keeps a path that is a proxy’s, and reads an endpoint that comes later alike', async () => {
    expect((await ask({ endpoint: `${simulator.url}/proxy/v1` }, false)).logged?.path).toBe('/proxy/api/chat');
    expect((await ask({ endpoint: async () => `${simulator.url}/api` }, false)).logged?.path).toBe('/api/chat');
  });

  it('sends a key as a bearer token, and nothing where there is none', async () => {
    expect((await ask({ endpoint: simulator.url, apiKey: 'k' }, false)).logged?.headers).toHaveProperty(
      'authorization',
    );
    expect((await ask({ endpoint: simulator.url }, false)).logged?.headers).not.toHaveProperty('authorization');
  });

  it('asks for the context window that was configured', async () => {
    const { logged } = await ask({ endpoint: simulator.url, options: { num_ctx: 16_384 } }, false);
    expect(logged?.body).toMatchObject({ options: { num_ctx: 16_384 } });
  });
});

describe('the definition', () => {
  it('needs nothing to be made', () => {
    expect(ollama).toMatchObject({ id: 'local', local: true, keyVariables: [] });
    expect(createOllama()).toMatchObject({ id: 'local', local: true, quirks: {}, forwards: true });
  });

  it('has the short names of the specification', () => {
    expect(ollama.shortNames).toEqual({
      codellama: 'codellama:13b',
      mistral: 'mistral:7b',
      default: 'codellama:13b',
    });
  });

  it.each([
    ['http://localhost:11434', true],
    ['http://[::1]:11434', true],
    ['http://192.168.1.20:11434', true],
    ['http://100.101.102.103:11434', true],
    ['http://gpu-box:11434', true],
    ['http://gpu-box.lan:11434/api', true],
    ['http://host.docker.internal:11434', true],
    ['http://[fd12::1]:11434', true],
    ['https://ollama.com', false],
    ['https://ollama.example.com/v1', false],
    ['http://8.8.8.8:11434', false],
    ['http://172.32.0.1', false],
    ['http://[2001:db8::1]', false],
  ])('%s is on the user’s own network: %s', (endpoint, local) => {
    expect(createOllama({ endpoint }).local).toBe(local);
  });

  it('knows its options', async () => {
    const validate = async (value: unknown) => {
      const result = await ollama.optionsSchema?.['~standard'].validate(value);
      return result?.issues?.map((issue) => [issue.path?.join('.'), issue.message]) ?? result;
    };
    expect(await validate({ num_ctx: 8192 })).toEqual({ value: { num_ctx: 8192 } });
    expect(await validate({})).toEqual({ value: {} });
    expect(await validate({ num_ctx: 0 })).toEqual([['num_ctx', 'expected a whole number of tokens above zero']]);
    expect(await validate({ context: 1 })).toEqual([['context', 'unknown option: there is num_ctx']]);
    expect(await validate('8192')).toEqual([[undefined, 'expected an object']]);
  });
});
