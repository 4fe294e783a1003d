import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { CatalogSlice, WireFormat } from '@signalbox/core';
import { ProviderError } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { defineProvider } from '../src/index.ts';
import { transportError } from '../src/transport-error.ts';

const catalog: CatalogSlice = { generated: '2026-11-22', sources: {}, models: [], aliases: {} };
// The kit reads nothing of a format but its framing.
const format = { id: 'acme-format', streamFraming: 'sse' } as WireFormat;
const acme = defineProvider({
  id: 'acme',
  displayName: 'Acme',
  format,
  keyVariables: ['ACME_API_KEY'],
  defaultEndpoint: 'https://api.acme.example',
  versionPath: '/v1',
  local: false,
  authenticate: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  catalog,
  shortNames: {},
});

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const call = (signal = new AbortController().signal) => ({
  path: '/chat',
  headers: {},
  body: '{}',
  stream: true,
  signal,
});

describe('an endpoint', () => {
  for (const suffix of ['', '/', '/v1', '/v1/']) {
    it(`written as URL${suffix} reaches /v1/chat, once, with the key`, async () => {
      const seen: string[] = [];
      const url = await serve((request, response) => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        response.end('ok');
      });
      const provider = acme.create({ endpoint: `${url}${suffix}`, apiKey: 'k-1\n' });
      const reply = await provider.send(call());
      expect(Buffer.from(await reply.bytes()).toString()).toBe('ok');
      expect(seen).toEqual(['POST /v1/chat Bearer k-1']);
      await provider.close();
    });
  }

  it('with a query says its version there: the path stays and every call asks with it', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url);
      response.end('ok');
    });
    const provider = acme.create({ endpoint: `${url}/deployments/gpt/?api-version=2024-10-21` });
    await (await provider.send(call())).bytes();
    await (await provider.send({ ...call(), path: '/chat?alt=sse' })).bytes();
    expect(seen).toEqual([
      '/deployments/gpt/chat?api-version=2024-10-21',
      '/deployments/gpt/chat?alt=sse&api-version=2024-10-21',
    ]);
    await provider.close();
  });

  it('that ends in a version of its own is taken as it is', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(request.url);
      response.end('ok');
    });
    for (const path of ['/api/v3', '/v1beta/', '/v2', '/mv3']) {
      const provider = acme.create({ endpoint: `${url}${path}` });
      await (await provider.send(call())).bytes();
      await provider.close();
    }
    expect(seen).toEqual(['/api/v3/chat', '/v1beta/chat', '/v2/chat', '/mv3/v1/chat']);
  });

  it('is asked with GET where a call says so, without a body', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      let bytes = 0;
      for await (const chunk of request) bytes += (chunk as Uint8Array).length;
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${bytes}`);
      response.end('ok');
    });
    const provider = acme.create({ endpoint: url, apiKey: 'k' });
    await (await provider.send({ ...call(), path: '/models', method: 'GET' })).bytes();
    expect(seen).toEqual(['GET /v1/models undefined 0']);
    await provider.close();
  });

  it('must be said where the provider has none of its own', () => {
    const anywhere = defineProvider({
      id: 'anywhere',
      displayName: 'Any server',
      format,
      keyVariables: [],
      defaultEndpoint: '',
      versionPath: '/v1',
      local: false,
      authenticate: () => ({}),
      catalog,
      shortNames: {},
    });
    expect(() => anywhere.create({ id: 'lab' })).toThrow(/providers\.lab needs an endpoint/);
    expect(anywhere.create({ endpoint: 'https://lab.example' }).local).toBe(false);
  });

  it('that is the empty text, as of a variable set to nothing, is the default one', () => {
    expect(acme.create({ endpoint: '', apiKey: 'k' }).id).toBe('acme');
  });

  it('of a kind of server that people run themselves is local in their own network, and only there', () => {
    const box = defineProvider({
      id: 'box',
      displayName: 'A box',
      format,
      keyVariables: [],
      defaultEndpoint: 'http://localhost:8000',
      versionPath: '/v1',
      local: true,
      authenticate: () => ({}),
      catalog,
      shortNames: {},
    });
    const isLocal = (endpoint?: string) => box.create({ endpoint }).local;
    expect(['http://gpu.lan:8000', 'http://10.0.0.7', 'http://[::1]:8000', undefined].map(isLocal)).not.toContain(
      false,
    );
    expect(['https://gpu.example', 'http://8.8.8.8'].map(isLocal)).not.toContain(true);
    expect(acme.create({ apiKey: 'k', endpoint: 'http://10.0.0.7' }).local).toBe(false);
  });

  it('that is no URL, or holds a password, is a configuration error that does not repeat it', () => {
    expect(() => acme.create({ apiKey: 'k', endpoint: 'localhost' })).toThrow(
      /providers\.acme\.endpoint is not an http/,
    );
    expect(() => acme.create({ apiKey: 'k', endpoint: 'https://me:secret@host' })).not.toThrow(/secret/);
    expect(() => acme.create({ apiKey: 'k', endpoint: 'https://me:secret@host' })).toThrow(/user name or password/);
  });
});

describe('a key', () => {
  it('that is missing is named by its variable', () => {
    expect(() => acme.create()).toThrow(expect.objectContaining({ kind: 'missing-key' }));
    expect(() => acme.create()).toThrow(/set ACME_API_KEY/);
  });
  it('is not needed by an endpoint on this machine, nor by a simulated one', () => {
    expect(acme.create({ endpoint: 'http://127.0.0.1:9' }).local).toBe(true);
    expect(acme.create({ simulated: true }).simulated).toBe(true);
  });
  it('with a blank in it is refused without being shown', () => {
    expect(() => acme.create({ apiKey: 'sk-one two' })).toThrow(/blank or a special character/);
    expect(() => acme.create({ apiKey: 'sk-one two' })).not.toThrow(/two/);
  });
});

describe('several keys', () => {
  it('have names, and each call says which to use; without a name it is the first', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.headers.authorization} ${request.headers['x-org']}`);
      response.end('ok');
    });
    const provider = acme.create({ endpoint: url, apiKeys: ['one', 'two'], headers: { 'x-org': 'acme' } });
    expect(provider.keys).toEqual(['key-1', 'key-2']);
    for (const key of ['key-2', 'key-1', undefined]) await (await provider.send({ ...call(), key })).bytes();
    expect(seen).toEqual(['Bearer two acme', 'Bearer one acme', 'Bearer one acme']);
    await provider.close();
  });

  it('are counted once each, without empty ones; one that is left needs no name', () => {
    expect(acme.create({ apiKeys: ['a', ' ', 'b', 'a\n'] }).keys).toEqual(['key-1', 'key-2']);
    expect(acme.create({ apiKeys: ['a', '', 'a'] })).not.toHaveProperty('keys');
    expect(acme.create({ apiKey: 'a' })).not.toHaveProperty('keys');
    expect(() => acme.create({ apiKeys: ['', ' '] })).toThrow(/set ACME_API_KEY/);
  });

  it('take the place of a single one', () => {
    expect(acme.create({ apiKey: 'a', apiKeys: ['b', 'c'] }).keys).toHaveLength(2);
  });
});

describe('connections', () => {
  /** A server that counts its connections and what is under way; answers when told. */
  async function counting() {
    const seen = { connections: 0, underWay: 0, most: 0, heads: new Set<string | undefined>() };
    const waiting: (() => void)[] = [];
    const url = await serve((request, response) => {
      seen.underWay += 1;
      seen.most = Math.max(seen.most, seen.underWay);
      seen.heads.add(request.headers.connection);
      request.resume();
      waiting.push(() => {
        seen.underWay -= 1;
        response.end('ok');
      });
    });
    server?.on('connection', () => {
      seen.connections += 1;
    });
    /** Answers what has come, and what comes of that, until all are answered. */
    async function answerAll(calls: readonly Promise<unknown>[]): Promise<void> {
      const all = Promise.all(calls).then(() => true);
      while (!(await Promise.race([all, new Promise((turn) => setImmediate(turn, false))]))) {
        for (const answer of waiting.splice(0)) answer();
      }
    }
    return { url, seen, answerAll };
  }
  const ask = async (provider: ReturnType<typeof acme.create>) => (await provider.send(call())).bytes();

  it('are used again', async () => {
    const { url, seen, answerAll } = await counting();
    const provider = acme.create({ endpoint: url });
    for (let round = 0; round < 10; round += 1) await answerAll([ask(provider)]);
    // One that has just answered may not be free yet.
    expect(seen.connections).toBeLessThan(10);
    expect(seen.heads).toEqual(new Set(['keep-alive']));
    await provider.close();
  });

  it('may be bounded: further calls wait for one', async () => {
    const { url, seen, answerAll } = await counting();
    const provider = acme.create({ endpoint: url, connections: 2 });
    await answerAll(Array.from({ length: 7 }, () => ask(provider)));
    expect(seen.connections).toBe(2);
    expect(seen.most).toBeLessThanOrEqual(2);
    await provider.close();
  });

  it('are closed after each call where they are not to be kept, within the same bound', async () => {
    const { url, seen, answerAll } = await counting();
    const provider = acme.create({ endpoint: url, connections: 2, keepAlive: false });
    await answerAll(Array.from({ length: 5 }, () => ask(provider)));
    expect(seen).toMatchObject({ connections: 5 });
    expect(seen.most).toBeLessThanOrEqual(2);
    expect(seen.heads).toEqual(new Set(['close']));
    await provider.close();
  });
});

describe('a failure of the transport', () => {
  it('is "connect" where nobody listens', async () => {
    const url = await serve(() => undefined);
    await new Promise((done) => server?.close(done));
    server = undefined;
    const provider = acme.create({ endpoint: url });
    await expect(provider.send(call())).rejects.toMatchObject({
      kind: 'connect',
      provider: 'acme',
      code: 'ECONNREFUSED',
      message: expect.stringMatching(
        /^acme: could not connect to 127\.0\.0\.1:\d+ \(ECONNREFUSED: nothing listens there\)\.$/,
      ),
    });
  });

  it.each([
    ['EMFILE', 'as many files and connections are open here as may be: raise the limit (ulimit -n, LimitNOFILE)'],
    ['EADDRNOTAVAIL', 'this machine has no port left for it'],
  ])('is "connect" where this machine is at its end, and says so: %s', (code, meaning) => {
    const error = Object.assign(new Error(`connect ${code}`), { code });
    expect(transportError(error, 'acme', '127.0.0.1:9', { aborted: false, reason: undefined })).toMatchObject({
      kind: 'connect',
      code,
      message: `acme: could not connect to 127.0.0.1:9 (${code}: ${meaning}).`,
    });
  });

  it('is "connection-lost" where the peer hangs up before an answer, and the call is not repeated', async () => {
    let calls = 0;
    const url = await serve((request) => {
      calls += 1;
      request.socket.resetAndDestroy();
    });
    await expect(acme.create({ endpoint: url }).send(call())).rejects.toMatchObject({ kind: 'connection-lost' });
    expect(calls).toBe(1);
  });

  it('says what came where the answer begins with a "100 Continue" that nobody asked for', async () => {
    const url = await serve((_request, response) => {
      response.writeContinue();
      response.end('{}');
    });
    await expect(acme.create({ endpoint: url }).send(call())).rejects.toMatchObject({
      kind: 'connection-lost',
      message: expect.stringContaining('"100 Continue" that nobody asked for'),
    });
  });

  it('is "connect" where TLS is spoken to a server that speaks none, and says so', async () => {
    const url = await serve(() => undefined);
    await expect(acme.create({ endpoint: url.replace('http:', 'https:') }).send(call())).rejects.toMatchObject({
      kind: 'connect',
      message: expect.stringContaining('it does not speak TLS: is the address http:// and not https://?'),
    });
  });

  it('names a server of another kind', async () => {
    const other = createNetServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    });
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready));
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(acme.create({ endpoint }).send(call())).rejects.toMatchObject({
      kind: 'connection-lost',
      message: expect.stringContaining('what answered there speaks no HTTP'),
    });
    await new Promise((done) => other.close(done));
  });

  it.each([
    ['102 Processing', (response: ServerResponse) => response.writeProcessing()],
    ['103 Early Hints', (response: ServerResponse) => response.writeEarlyHints({ link: '</a>; rel=preload' })],
  ])('reads the answer behind "%s"', async (_name, first) => {
    const url = await serve((_request, response) => {
      first(response);
      response.end('{"id":1}');
    });
    const reply = await acme.create({ endpoint: url }).send(call());
    expect(reply.status).toBe(200);
    expect(new TextDecoder().decode(await reply.bytes())).toBe('{"id":1}');
  });

  it('is "connection-lost" where the body breaks off', async () => {
    const url = await serve((_request, response) => {
      response.write('data: 1\n\n', () => response.socket?.resetAndDestroy());
    });
    const reply = await acme.create({ endpoint: url }).send(call());
    const seen: string[] = [];
    const read = async () => {
      for await (const frames of reply.frames()) seen.push(...frames.map((frame) => frame.data));
    };
    await expect(read()).rejects.toMatchObject({ kind: 'connection-lost' });
    expect(seen).toEqual(['1']);
  });

  it('is the reason of the abort, where the engine aborted with one, and closes the connection', async () => {
    const closed = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const url = await serve((_request, response) => {
      response.on('close', () => closed.resolve());
      arrived.resolve();
    });
    const controller = new AbortController();
    const answer = acme.create({ endpoint: url }).send(call(controller.signal));
    await arrived.promise;
    controller.abort(new ProviderError({ kind: 'timeout', message: 'too late' }));
    await expect(answer).rejects.toMatchObject({ kind: 'timeout', message: 'too late' });
    await closed.promise;
  });

  it('does not follow a redirect', async () => {
    const url = await serve((_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end());
    const reply = await acme.create({ endpoint: url }).send(call());
    expect(reply.status).toBe(307);
    reply.discard();
  });
});

it('a body that is compressed without having been asked for is read all the same', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('data: hello\n\n'));
  });
  const reply = await acme.create({ endpoint: url }).send(call());
  const data: string[] = [];
  for await (const frames of reply.frames()) data.push(...frames.map((frame) => frame.data));
  expect(data).toEqual(['hello']);
});

describe('an error that quotes what we sent as a credential', () => {
  it('comes back without it, whoever reads it', async () => {
    const url = await serve((request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: `wrong: ${request.headers.authorization}, ${request.headers['x-team']}, acme` }),
      );
    });
    const provider = acme.create({
      endpoint: url,
      apiKey: 'acme-0123456789',
      headers: { 'x-team': 'team-secret-1', 'x-short': 'acme' },
    });
    const reply = await provider.send(call());
    expect(new TextDecoder().decode(await reply.bytes())).toBe('{"error":"wrong: Bearer <hidden>, <hidden>, acme"}');
    await provider.close();
  });

  it('is left alone where it quotes nothing, and so is every good answer', async () => {
    const url = await serve((request, response) => {
      response.writeHead(request.url?.endsWith('bad') ? 400 : 200);
      response.end(request.url?.endsWith('bad') ? 'no' : 'acme-0123456789');
    });
    const provider = acme.create({ endpoint: url, apiKey: 'acme-0123456789' });
    const text = async (path: string) =>
      new TextDecoder().decode(await (await provider.send({ ...call(), path })).bytes());
    expect([await text('/good'), await text('/bad')]).toEqual(['acme-0123456789', 'no']);
    await provider.close();
  });
});
