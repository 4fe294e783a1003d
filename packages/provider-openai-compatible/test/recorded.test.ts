import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { framesOf } from '@signalbox/conformance';
import { type JsonObject, type Provider, ProviderError, RouterError, type StreamEvent } from '@signalbox/core';
import { openaiChat } from '@signalbox/format-openai';
import { afterAll, describe, expect, test } from 'vitest';
import { createOpenAICompatible, presets } from '../src/index.ts';

/** Real exchanges recorded by other projects: not part of the repository. */
const shared = process.env.SIGNALBOX_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const folder = `${shared}/wire/exchanges/openai.chat`;
const there = existsSync(folder);
if (!there) console.info(`Skipped: no recorded exchanges at ${folder} (set SIGNALBOX_SHARED).`);

interface Exchange {
  readonly id: string;
  readonly provider: string;
  readonly request: { readonly body: JsonObject | null };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly sse?: string;
    readonly text?: string;
  };
}

/** The recordings' names of vendors, where they are not ours. */
const IDS: Readonly<Record<string, string>> = { alibaba: 'qwen', local: 'vllm' };

const endpoint = 'https://server.invalid';
const providers: Readonly<Record<string, Provider>> = {
  ...Object.fromEntries(
    Object.entries(presets).map(([id, definition]) => [id, definition.create({ apiKey: 'k', endpoint })]),
  ),
  // Vendors without a preset are reached as any server.
  ...Object.fromEntries(
    ['crusoe', 'gpustack', 'heroku', 'huggingface', 'snowflake'].map((id) => [
      id,
      createOpenAICompatible({ id, endpoint }),
    ]),
  ),
};
afterAll(() => Promise.all(Object.values(providers).map((one) => one.close())));

const exchanges = there
  ? readdirSync(folder)
      .sort()
      .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Exchange)
      .filter(({ provider }) => Object.hasOwn(providers, IDS[provider] ?? provider))
  : [];

function eventsOf(provider: Provider, sse: string): StreamEvent[] {
  const decoder = provider.format.client.createStreamDecoder({ provider: provider.id });
  return [...framesOf('sse', sse).flatMap((frame) => decoder.decode(frame)), ...decoder.end()];
}

describe.skipIf(!there)('recorded exchanges', () => {
  test('are there of most presets', () => {
    const recorded = new Set(exchanges.map(({ provider }) => IDS[provider] ?? provider));
    expect(recorded.size).toBeGreaterThan(12);
  });

  test.each(exchanges.map((one) => [one.id, one] as const))('%s decodes', (_id, { provider: vendor, response }) => {
    const provider = providers[IDS[vendor] ?? vendor];
    if (provider === undefined) throw new Error(`no provider for ${vendor}`);
    const { client } = provider.format;
    const { status, headers, body, sse, text } = response;
    if (status >= 400) expect(client.decodeError(status, headers, body ?? text).kind).not.toBe('unknown');
    else if (sse === undefined) {
      const decoded = client.decodeResponse(body, { provider: provider.id });
      expect(decoded.finish.reason).not.toBe('other');
      expect(decoded.usage?.outputTokens).toBeGreaterThanOrEqual(0);
    } else {
      try {
        expect(eventsOf(provider, sse).at(-1)?.type).toBe('finish');
      } catch (error) {
        if (!ProviderError.is(error)) throw error;
        expect(sse).toMatch(/error/);
      }
    }
  });

  const asked = exchanges.filter(
    ({ provider, request, response }) =>
      Object.hasOwn(presets, IDS[provider] ?? provider) && request.body !== null && response.status < 300,
  );
  test.each(asked.map((one) => [one.id, one] as const))(
    '%s: what the vendor took is not dropped on the way to it',
    (_id, { provider: vendor, request }) => {
      const provider = providers[IDS[vendor] ?? vendor];
      if (provider === undefined) throw new Error(`no provider for ${vendor}`);
      let decoded: ReturnType<typeof openaiChat.server.decodeRequest>;
      try {
        decoded = openaiChat.server.decodeRequest(request.body, '/v1/chat/completions');
      } catch (error) {
        expect(RouterError.is(error)).toBe(true);
        return;
      }
      const { notes } = openaiChat.client.encodeRequest(decoded, {
        model: decoded.model ?? 'm',
        stream: decoded.stream ?? false,
        provider: provider.id,
        quirks: provider.quirks,
      });
      expect(notes.filter((note) => note.action === 'dropped').map((note) => note.field)).toEqual([]);
    },
  );
});
