import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecordedRequest, recordedRequests } from './recorded-requests.ts';
import { type RecordingUpstream, startRecordingUpstream } from './recording-upstream.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const recorded = recordedRequests().filter((one) => one.method === 'POST');
const modelOf = ({ body, url }: RecordedRequest) =>
  (body as { model?: string }).model ?? /models\/([^:]+):/.exec(url)?.[1] ?? '';

/** Which provider speaks the format of a path. */
const PROVIDERS: readonly (readonly [path: RegExp, id: string, definition: string])[] = [
  [/^\/v1\/messages/, 'anthropic', 'anthropic: { endpoint: "URL/a" '],
  [/^\/v1\/chat/, 'openai', 'openai: { endpoint: "URL/c/v1" '],
  [/^\/v1\/responses/, 'responses', 'responses: { type: openai-responses, endpoint: "URL/r" '],
  [/^\/v1beta/, 'google', 'google: { endpoint: "URL/g" '],
];

function providersFor(upstream: string): string {
  const blocks = PROVIDERS.map(([path, id, block]) => {
    const names = new Set(recorded.filter((one) => path.test(one.url)).map(modelOf));
    const models = [...names, 'any'].map((name) => `"${name}"`);
    const renamed = `"renamed-${id}": { name: "a-real-model" }`;
    return `  ${block.replace('URL', upstream)}, api_key: sk-of-the-gateway, models: { ${models.map((name) => `${name}: ${name}`).join(', ')}, ${renamed} } }`;
  });
  return blocks.join('\n');
}

let upstream: RecordingUpstream;
let under: GatewayUnderTest;
beforeAll(async () => {
  upstream = await startRecordingUpstream();
  under = await startGateway('', () => providersFor(upstream.url));
});
afterAll(async () => {
  await under.close();
  await upstream.close();
});

/** With a length a request may be answered past the framework, in chunks it is not. */
type Framing = 'by its length' | 'in chunks';

/** Sends a request as it stands, with its own headers; `fetch` would add some. */
async function send(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  framing: Framing = 'by its length',
): Promise<void> {
  const { 'content-length': _length, host: _host, connection: _connection, ...rest } = headers;
  await new Promise<void>((resolve, reject) => {
    const call = httpRequest(`${under.gateway.url}${path}`, { method: 'POST', headers: rest }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    call.on('error', reject);
    if (framing === 'in chunks') call.flushHeaders();
    call.end(body);
  });
}

/** What belongs to the connection or to the caller's own place, and goes no further. */
const LEFT_BEHIND: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'accept-language',
  'sec-fetch-mode',
  'anthropic-dangerous-direct-browser-access',
]);
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'x-goog-api-key']);

/** Each as it was recorded; and without its query, by which it takes the other way through the gateway where there is one. */
const eachWay = recorded.flatMap((one) => {
  const plain = one.url.replace(/\?.*/, '');
  const both = [one.url, ...(plain !== one.url && !plain.includes(':') ? [plain] : [])];
  return both.flatMap((url) =>
    (['by its length', 'in chunks'] as const).map((framing) => ({ ...one, url, framing, way: `${url}, ${framing}` })),
  );
});

describe.skipIf(recorded.length === 0)(
  'requests recorded of Claude Code, Codex, Gemini CLI and opencode (skipped where none lie beside the checkout)',
  () => {
    it.each(eachWay)(
      '$name reaches its vendor to the byte, with the headers that the vendor acts on: $way',
      async (one) => {
        // Blanks where no program would write them: a body that was parsed and written anew would lose them.
        const body = JSON.stringify(one.body, null, 1);
        await send(one.url, one.headers, body, one.framing);
        const arrived = upstream.arrived.at(-1);
        expect(arrived?.body === body).toBe(true);
        const prefix = /^\/v1beta/.test(one.url)
          ? '/g'
          : /chat/.test(one.url)
            ? '/c'
            : /responses/.test(one.url)
              ? '/r'
              : '/a';
        expect(arrived?.url).toBe(`${prefix}${one.url}`);
        const expected = Object.entries(one.headers).filter(
          ([name]) => !LEFT_BEHIND.has(name) && !CREDENTIALS.has(name),
        );
        expect(arrived?.headers).toMatchObject(Object.fromEntries(expected));
      },
    );

    it.each(recorded)('$name takes no credential of the caller along', async (one) => {
      const shown = { ...one.headers };
      for (const name of CREDENTIALS)
        if (name in shown) shown[name] = name === 'authorization' ? 'Bearer caller-secret' : 'caller-secret';
      await send(one.url, shown, JSON.stringify(one.body));
      const headers = JSON.stringify(upstream.arrived.at(-1)?.headers);
      expect(headers).not.toContain('caller-secret');
      expect(headers).toContain('sk-of-the-gateway');
    });
  },
);

describe('another model', () => {
  it.each([
    [
      '/v1/messages',
      '{ "messages" : [ ] ,\n "model": "renamed-anthropic" , "new": {"model": "renamed-anthropic"} }',
      '{ "messages" : [ ] ,\n "model": "a-real-model" , "new": {"model": "renamed-anthropic"} }',
    ],
    [
      '/v1/chat/completions',
      '{"messages":[{"role":"user","content":"\\"model\\":\\"renamed-openai\\""}], "model":"renamed-openai", "é": "ü"}',
      '{"messages":[{"role":"user","content":"\\"model\\":\\"renamed-openai\\""}], "model":"a-real-model", "é": "ü"}',
    ],
    ['/v1/responses', '{"input":"x",  "model":"renamed-responses"}', '{"input":"x",  "model":"a-real-model"}'],
  ])('is the one change to the bytes of %s', async (path, sent, due) => {
    await send(path, { 'content-type': 'application/json' }, sent);
    expect(upstream.arrived.at(-1)?.body).toBe(due);
  });
});

describe('a header that nobody has heard of', () => {
  it('stays behind: it may be a secret', async () => {
    const headers = {
      'content-type': 'application/json',
      'x-new-auth': 'caller-secret',
      cookie: 'caller-secret',
      'x-signalbox-key': 'k',
    };
    await send('/v1/messages', headers, '{"model":"any","max_tokens":1,"messages":[]}');
    expect(JSON.stringify(upstream.arrived.at(-1)?.headers)).not.toMatch(/caller-secret|signalbox/);
  });
});
