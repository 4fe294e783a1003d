import type { RequestListener, ServerResponse } from 'node:http';
import {
  type Provider,
  type ProviderDefinition,
  ProviderError,
  RouterError,
  responseEvents,
  type WireCall,
} from '@signalbox/core';
import { freePort, SAMPLE_KEY, SAMPLE_KEYS, withServer } from './provider-server.ts';
import { SAMPLE_REQUESTS } from './sample-requests.ts';
import { sampleResponses } from './sample-responses.ts';
import { decodeFrames, providerErrorKind, serverContext, thrownBy } from './stream-drive.ts';
import type { TestRunner } from './test-runner.ts';

/** How one provider differs from the others, in data. */
export interface ProviderFixtures {
  /** The version path that an endpoint may come with or without, e.g. `/v1`; absent: there is none. */
  readonly versionPath?: string | undefined;
  /** The header that carries the key, and its value; absent: the provider needs no key. */
  readonly authentication?: { readonly header: string; readonly value: (apiKey: string) => string } | undefined;
  /** Answers good requests in place of the format's own encoder: a simulator's handler, for instance. */
  readonly handler?: RequestListener | undefined;
}

/**
 * Describes, in the runner that is passed in, what every provider must satisfy: over real sockets on 127.0.0.1, each test
 * with a server of its own.
 *
 * @example
 * ```ts
 * describeProvider({ describe, it, expect }, acme, {
 *   versionPath: '/v1',
 *   authentication: { header: 'authorization', value: (apiKey) => `Bearer ${apiKey}` },
 * });
 * ```
 */
export function describeProvider(
  runner: TestRunner,
  definition: ProviderDefinition,
  fixtures: ProviderFixtures = {},
): void {
  const { describe, it, expect } = runner;
  const { format } = definition;
  const versionPath = fixtures.versionPath ?? '';
  const answer = fixtures.handler ?? ownAnswer(definition);

  describe(`the provider ${definition.id}`, () => {
    for (const suffix of versionPath === '' ? ['', '/'] : ['', '/', versionPath, `${versionPath}/`]) {
      it(`takes an endpoint that ends in “${suffix}”`, () =>
        withServer(definition, answer, suffix, async (provider, seen) => {
          const call = sampleCall(provider, false);
          const reply = await provider.send(call);
          expect(reply.status).toBe(200);
          await reply.bytes();
          expect(seen[0]?.url).toBe(`${versionPath}${call.path}`);
          expect(seen[0]?.method).toBe('POST');
        }));
    }

    it('sends its headers: the format’s, the key, JSON', () =>
      withServer(definition, answer, '', async (provider, seen) => {
        const call = sampleCall(provider, false);
        await (await provider.send(call)).bytes();
        const headers = seen[0]?.headers ?? {};
        for (const [name, value] of Object.entries(call.headers)) expect(headers[name.toLowerCase()]).toBe(value);
        expect(headers['content-type']?.startsWith('application/json')).toBe(true);
        if (fixtures.authentication === undefined) return;
        const { header, value } = fixtures.authentication;
        expect(headers[header.toLowerCase()]).toBe(value(SAMPLE_KEY));
        expect(seen[0]?.url?.includes(SAMPLE_KEY), 'no key in the URL').toBe(false);
      }));

    if (fixtures.authentication !== undefined) {
      const { header, value } = fixtures.authentication;
      it('has several keys under names, and calls with the one that is named', () =>
        withServer(
          definition,
          answer,
          '',
          async (provider, seen) => {
            expect(provider.keys?.length).toBe(SAMPLE_KEYS.length);
            for (const key of [...(provider.keys ?? []), undefined]) {
              await (await provider.send({ ...sampleCall(provider, false), key })).bytes();
            }
            const [first = ''] = SAMPLE_KEYS;
            const sent = seen.map((request) => request.headers[header.toLowerCase()]);
            expect(sent).toEqual([...SAMPLE_KEYS, first].map(value));
            for (const name of provider.keys ?? []) expect(SAMPLE_KEYS.includes(name), 'a name is no key').toBe(false);
          },
          { apiKeys: SAMPLE_KEYS },
        ));
    }

    it('reads a whole answer', () =>
      withServer(definition, answer, '', async (provider) => {
        const reply = await provider.send(sampleCall(provider, false));
        const body: unknown = JSON.parse(new TextDecoder().decode(await reply.bytes()));
        const response = format.client.decodeResponse(body, { provider: provider.id });
        expect(response.parts.some((part) => part.type === 'text' && part.text !== '')).toBe(true);
      }));

    it('reads a stream to its finish', () =>
      withServer(definition, answer, '', async (provider) => {
        const reply = await provider.send(sampleCall(provider, true));
        const frames = [];
        for await (const batch of reply.frames()) frames.push(...batch);
        expect(decodeFrames(format, frames).at(-1)?.type).toBe('finish');
      }));

    it('hands error answers on to be classified', async () => {
      for (const kind of ['rate-limit', 'overloaded', 'server', 'authentication', 'context-length'] as const) {
        const refuse: RequestListener = (_request, response) => sendError(definition, kind, response);
        await withServer(definition, refuse, '', async (provider) => {
          const reply = await provider.send(sampleCall(provider, true));
          const body: unknown = JSON.parse(new TextDecoder().decode(await reply.bytes()));
          expect(format.client.decodeError(reply.status, reply.headers, body).kind).toBe(kind);
        });
      }
    });

    it('closes the connection when a call is aborted', async () => {
      let closed: Promise<unknown> = Promise.resolve();
      const hang: RequestListener = (_request, response) => {
        closed = new Promise((resolve) => response.on('close', resolve));
        response.writeHead(200, { 'content-type': format.server.streamContentType });
        response.write(firstFrame(definition));
      };
      await withServer(definition, hang, '', async (provider) => {
        const controller = new AbortController();
        const reply = await provider.send({ ...sampleCall(provider, true), signal: controller.signal });
        const error = await failure(async () => {
          for await (const _batch of reply.frames()) controller.abort();
        });
        expect(providerErrorKind(error)).toBe('aborted');
        // Comes only when the server sees the socket close.
        await closed;
      });
    });

    it('says when the connection breaks in the middle of an answer', async () => {
      const breakOff: RequestListener = (_request, response) => {
        response.writeHead(200, { 'content-type': format.server.streamContentType });
        response.write(firstFrame(definition), () => response.destroy());
      };
      await withServer(definition, breakOff, '', async (provider) => {
        const reply = await provider.send(sampleCall(provider, true));
        const error = await failure(async () => {
          for await (const _batch of reply.frames());
        });
        expect(providerErrorKind(error)).toBe('connection-lost');
        expectNoKey(expect, error);
      });
    });

    it('says when nobody listens, without the key', async () => {
      const port = await freePort();
      const provider = definition.create({ apiKey: SAMPLE_KEY, endpoint: `http://127.0.0.1:${port}` });
      try {
        const error = await failure(() => provider.send(sampleCall(provider, false)));
        expect(providerErrorKind(error)).toBe('connect');
        expectNoKey(expect, error);
      } finally {
        await provider.close();
      }
    });

    if (fixtures.authentication !== undefined) {
      it('asks for its key by the name of the variable', () => {
        const error = thrownBy(() => definition.create({ endpoint: 'https://provider.invalid' }));
        expect(RouterError.is(error) && error.kind).toBe('missing-key');
        const [variable] = definition.keyVariables;
        expect(variable !== undefined && RouterError.is(error) && error.message.includes(variable)).toBe(true);
      });
    }

    it('refuses an endpoint that is not a URL', () => {
      const error = thrownBy(() => definition.create({ apiKey: SAMPLE_KEY, endpoint: 'not a url' }));
      expect(RouterError.is(error) && error.kind).toBe('configuration');
      expectNoKey(expect, error);
    });

    it('names only models that its catalogue has', () => {
      const ids = new Set(definition.catalog.models.map((model) => model.id));
      for (const [short, id] of Object.entries(definition.shortNames)) {
        expect(ids.has(id), `${short} stands for ${id}`).toBe(true);
      }
      for (const model of definition.catalog.models) expect(model.provider).toBe(definition.id);
    });
  });
}

function sampleCall(provider: Provider, stream: boolean): WireCall {
  const [sample] = SAMPLE_REQUESTS;
  const model = provider.models.find((one) => one.type === 'chat')?.id ?? 'sample-model';
  const { path, headers, body } = provider.format.client.encodeRequest(
    sample?.request ?? { system: [], messages: [] },
    {
      model,
      stream,
      provider: provider.id,
      quirks: provider.quirks,
    },
  );
  return { path, headers, body: JSON.stringify(body), stream, signal: new AbortController().signal };
}

/** Answers with the format's own encoder, as a stream where the request asks for one. */
function ownAnswer({ format }: ProviderDefinition): RequestListener {
  const [sample] = sampleResponses(format.id);
  if (sample === undefined) throw new Error('there are no samples');
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const head = format.server.scanHead(Buffer.concat(chunks), request.url ?? '/');
      if (!head.stream) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(format.server.encodeResponse(sample.response, serverContext())));
        return;
      }
      const encoder = format.server.createStreamEncoder(serverContext());
      response.writeHead(200, { 'content-type': format.server.streamContentType });
      for (const event of responseEvents(sample.response)) response.write(encoder.encode(event));
      response.end();
    });
  };
}

/** The start of a stream: enough for a reader to wake up, and no end. */
function firstFrame({ format }: ProviderDefinition): string {
  const encoder = format.server.createStreamEncoder(serverContext());
  return (
    encoder.encode({ type: 'start', id: 'answer_1', model: 'sample-model' }) +
    encoder.encode({ type: 'text-delta', index: 0, text: 'Hello' })
  );
}

function sendError(definition: ProviderDefinition, kind: ProviderError['kind'], response: ServerResponse): void {
  const error = new ProviderError({ kind, message: `A sample of ${kind}.` });
  const { status, headers, body } = definition.format.server.encodeError(error);
  response.writeHead(status, { ...headers, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function failure(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectNoKey(expect: TestRunner['expect'], error: unknown): void {
  const told =
    error instanceof Error ? `${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(error)}` : '';
  expect(told.includes(SAMPLE_KEY), 'no key in an error').toBe(false);
}
