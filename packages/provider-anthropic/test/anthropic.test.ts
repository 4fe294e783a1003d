import {
  createResponseFold,
  type ModelRequest,
  type ProviderSettings,
  RouterError,
  responseText,
} from '@signalbox/core';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anthropic, anthropicCompatible, createAnthropic } from '../src/index.ts';

const request: ModelRequest = {
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Say hello.' }] }],
  maxOutputTokens: 200,
};

describe('the short names', () => {
  const facts = (name: string) => anthropic.catalog.models.find((model) => model.id === anthropic.shortNames[name]);

  it.each(['default', 'opus', 'sonnet', 'haiku'])('%s is an active model with known limits', (name) => {
    const model = facts(name);
    expect(model?.status).toBe('active');
    expect(model?.contextWindow).toBeGreaterThan(0);
    expect(model?.maxOutput).toBeGreaterThan(0);
    expect(model?.capabilities.tools).toBe(true);
    expect(model?.prices.length).toBeGreaterThan(0);
  });

  it('are the newest of their family that fit', () => {
    for (const family of ['opus', 'sonnet', 'haiku'] as const) {
      const known = anthropic.catalog.models
        .filter((model) => model.id.startsWith(`claude-${family}-`) && model.status === 'active')
        .filter((model) => model.maxOutput !== undefined && model.contextWindow !== undefined)
        .map((model) => model.id)
        .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
      expect(known.at(-1)).toBe(anthropic.shortNames[family]);
    }
  });
});

describe('system messages in the middle of a conversation', () => {
  const quirk = new RegExp(String(createAnthropic({ apiKey: 'sample' }).quirks.midConversationSystem));

  it.each([
    'claude-opus-4-8',
    'claude-opus-5',
    'claude-opus-5-5',
    'claude-haiku-5-5',
    'claude-sonnet-5',
    'claude-fable-5-1',
  ])('go to %s as they are', (model) => expect(quirk.test(model)).toBe(true));
  it.each(['claude-sonnet-4-5', 'claude-haiku-4-5-20251001', 'claude-opus-4-1', 'claude-3-5-sonnet-20241022'])(
    'become user text for %s',
    (model) => expect(quirk.test(model)).toBe(false),
  );
});

describe('the API version', () => {
  const versionSent = (options: Readonly<Record<string, unknown>> | undefined, definition = anthropicCompatible) => {
    const { quirks, format } = definition.create({ apiKey: 'sample', endpoint: 'http://127.0.0.1:1', options });
    return format.client.encodeRequest(request, { model: 'm', stream: false, provider: 'lab', quirks }).headers;
  };

  it.each([anthropic, anthropicCompatible])('is the one in the options: $id', (definition) => {
    const newest = versionSent({ api_version: '2026-10-21' }, definition);
    expect(newest).toMatchObject({ 'anthropic-version': '2026-10-21' });
    expect(versionSent(undefined, definition)).toMatchObject({ 'anthropic-version': '2023-06-01' });
  });

  it('is checked where it is configured', () => {
    const check = (options: object) => anthropicCompatible.optionsSchema?.['~standard'].validate(options);
    expect(check({ api_version: '2026-10-21' })).toEqual({ value: { api_version: '2026-10-21' } });
    expect(check({ api_version: '2024' })).toMatchObject({
      issues: [{ message: expect.stringMatching(/2026-10-21/) }],
    });
  });
});

describe('against a server with templates of its own', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  it.each([false, true])('answers (stream: %s)', async (stream) => {
    const provider = createAnthropic({ apiKey: 'sample', endpoint: simulator.url });
    const { client } = provider.format;
    try {
      const encoded = client.encodeRequest(request, {
        model: 'claude-sonnet-5',
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
      expect(reply.status).toBe(200);
      const fold = createResponseFold();
      if (stream) {
        const decoder = client.createStreamDecoder({ provider: provider.id });
        for await (const frames of reply.frames()) {
          for (const frame of frames) for (const event of decoder.decode(frame)) fold.add(event);
        }
        for (const event of decoder.end()) fold.add(event);
      }
      const response = stream
        ? fold.response()
        : client.decodeResponse(JSON.parse(new TextDecoder().decode(await reply.bytes())), { provider: provider.id });
      expect(responseText(response)).not.toBe('');
      expect(response.finish.reason).toBe('stop');
      expect(response.usage?.inputTokens).toBeGreaterThan(0);
    } finally {
      await provider.close();
    }
  });
});

describe('settings that can not be meant', () => {
  const KEY = 'sk-ant-not-shown';
  it.each<[string, unknown, string]>([
    ['a key that is a list', { apiKey: [KEY] }, 'Anthropic (Claude): apiKey is a list, and must be a text.'],
    ['keys that are no list', { apiKeys: KEY }, 'Anthropic (Claude): apiKeys is a text, and must be a list of keys.'],
    ['a slip', { apikey: KEY }, 'Anthropic (Claude): there is no option "apikey"; did you mean apiKey?'],
    ['half a connection', { apiKey: KEY, connections: 0 }, 'connections is 0, and must be a whole number, 1 or more.'],
    [
      'an endpoint by number',
      { apiKey: KEY, endpoint: 8080 },
      'endpoint is 8080, and must be a URL, or a function that',
    ],
    [
      'an option of nobody',
      { apiKey: KEY, options: { num_ctx: 1 } },
      'options.num_ctx: unknown option: there is api_version.',
    ],
  ])('are refused in a sentence that shows no key: %s', (_, settings, sentence) => {
    let failure: unknown;
    try {
      createAnthropic(settings as ProviderSettings);
    } catch (error) {
      failure = error;
    }
    if (!RouterError.is(failure)) throw failure;
    expect([failure.kind, failure.message]).toEqual(['configuration', expect.stringContaining(sentence)]);
    expect(failure.message).not.toContain(KEY);
  });
});
