import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

/** What nobody may ever see again, by where it was planted. */
const SECRETS = {
  'the provider key in the environment': 'sk-planted-environment-11111111',
  'a header of a provider': 'planted-header-22222222',
  'what a caller shows beside its key': 'sk-planted-callers-own-33333333',
  'a cookie': 'planted-cookie-44444444',
  'a credential in a query': 'planted-query-55555555',
  'the credential of the admin API': 'planted-admin-credential-99999999-0123456789',
  'a wrong credential of the admin API': 'planted-wrong-credential-aaaaaaaa-0123456789',
  'what hooks take out': 'planted-project-bbbbbbbb',
  'what an identity provider says beside its keys': 'planted-identity-cccccccc',
} as const;
/** What only its caller may see. */
const TALK = ['planted-question-66666666', 'planted-answer-77777777', 'planted-words-of-a-provider-88888888'];

/** A provider that quotes all that it is sent, and fails in the way that the prompt asks for. */
function startQuotingProvider(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const quoted = `planted-words-of-a-provider-88888888 ${JSON.stringify(request.headers)} ${body}`;
      const status = Number(/fail with (\d+)/.exec(body)?.[1] ?? 200);
      if (body.includes('hang up')) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json', 'x-quoted': JSON.stringify(request.headers) });
      if (status !== 200)
        return void response.end(JSON.stringify({ error: { message: quoted, type: 'x', code: 'y' } }));
      if (body.includes('no answer')) return void response.end(`not JSON: ${quoted}`);
      const message = { role: 'assistant', content: 'planted-answer-77777777' };
      const usage = { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 };
      response.end(
        JSON.stringify({
          id: 'x',
          object: 'chat.completion',
          model: 'm',
          choices: [{ index: 0, message, finish_reason: 'stop' }],
          usage,
        }),
      );
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** An identity provider: the keys that it shows, and tokens that it signs. */
function startIdentityProvider(): Promise<{ server: Server; token(claims: object): string }> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secret = SECRETS['what an identity provider says beside its keys'];
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: secret, alg: 'ES256' }] }));
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({ server, token: (claims) => signed(privateKey, { alg: 'ES256', kid: secret }, claims) }),
    ),
  );
}

function signed(key: KeyObject, header: object, claims: object): string {
  const [head, body] = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' });
  return `${head}.${body}.${signature.toString('base64url')}`;
}

let provider: Server;
let identity: Server;
/** Tokens that were shown: a good one, one that has ended, one of which the signature is changed. */
const tokens: string[] = [];
let sandbox: Sandbox;
let gatewayKey: string;
/** Everything that anybody could read afterwards, by its name. */
const left = new Map<string, string>();
beforeAll(async () => {
  provider = await startQuotingProvider();
  const { server, token } = await startIdentityProvider();
  identity = server;
  sandbox = createSandbox();
  const env = {
    SIGNALBOX_ADMIN_KEY: SECRETS['the credential of the admin API'],
    OPENAI_API_KEY: SECRETS['the provider key in the environment'],
    TEAM: SECRETS['a header of a provider'],
  };
  const configuration = `providers:
  openai:
    endpoint: "http://127.0.0.1:${(provider.address() as AddressInfo).port}"
    api_key: \${OPENAI_API_KEY}
    headers: { x-team: "\${TEAM}" }
    models: [gpt-4o-mini]
retry: { max_attempts: 1 }
gateway: { jwt: { issuer: "https://id.example", audience: signalbox, jwks: "http://127.0.0.1:${(identity.address() as AddressInfo).port}/" } }
hooks: { patterns: { project: "planted-project-[a-z]+" }, module: guard.js, on_failure: pass }
`;
  sandbox.write(
    '.claude-code/guard.js',
    "exports.onRequest = (request) => { const text = JSON.stringify(request); if (text.includes('throw this')) throw new Error(text); };",
  );
  sandbox.write('.claude-code/router-config.yml', configuration);
  await sandbox.run(['trust'], { env });
  gatewayKey = (await sandbox.run(['keys', 'create', 'ci'])).stdout.trim();
  const child = sandbox.start(['serve', '--port', '0', '--log', 'debug'], env);
  const ended = finished(child);
  const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);

  const open = {
    'x-signalbox-key': gatewayKey,
    authorization: `Bearer ${SECRETS['what a caller shows beside its key']}`,
    cookie: SECRETS['a cookie'],
  };
  async function ask(
    name: string,
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string> = open,
  ): Promise<void> {
    const answer = await fetch(`${url}${path}?key=${SECRETS['a credential in a query']}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    left.set(`answer: ${name}`, `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  }
  const chat = (prompt: string, fields: object = {}) =>
    JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: `planted-question-66666666 ${prompt}` }],
      ...fields,
    });
  const messages = (prompt: string) => chat(prompt, { max_tokens: 100 });
  await ask('well', '/v1/chat/completions', chat('hello'));
  await ask('well, another format', '/v1/messages', messages('hello'));
  for (const status of [400, 401, 403, 404, 429, 500, 503]) {
    await ask(`${status}`, '/v1/chat/completions', chat(`fail with ${status}`));
    await ask(`${status}, another format`, '/v1/messages', messages(`fail with ${status}`));
  }
  await ask('hung up', '/v1/chat/completions', chat('hang up'));
  await ask('no answer', '/v1/messages', messages('no answer'));
  await ask('streamed', '/v1/chat/completions', chat('fail with 500', { stream: true }));
  await ask('counted', '/v1/messages/count_tokens', messages('hello'));
  await ask(
    'embedded',
    '/v1/embeddings',
    JSON.stringify({ model: 'text-embedding-3-small', input: 'planted-question-66666666' }),
  );
  await ask('no JSON', '/v1/messages', '{"messages": planted-question-66666666');
  await ask(
    'wrong fields',
    '/v1/messages',
    JSON.stringify({ model: 'gpt-4o-mini', messages: 'planted-question-66666666' }),
  );
  await ask('a broken body', '/v1/messages', gzipSync('planted-question-66666666').subarray(0, 12), {
    ...open,
    'content-encoding': 'gzip',
  });
  await ask('nowhere', '/nowhere', '{}');
  const project = SECRETS['what hooks take out'];
  await ask('hooked', '/v1/chat/completions', chat(`hello ${project}`));
  await ask('hooked, and refused', '/v1/messages', messages(`${project} fail with 400`));
  await ask('hooked, and no answer', '/v1/chat/completions', chat(`${project} no answer`));
  await ask(
    'hooked, and embedded',
    '/v1/embeddings',
    JSON.stringify({ model: 'text-embedding-3-small', input: project }),
  );
  await ask('a hook that fails', '/v1/chat/completions', chat('throw this'));
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'https://id.example', aud: 'signalbox', sub: 'ada', exp: now + 3_600 };
  tokens.push(token(claims), token({ ...claims, exp: now - 3_600 }), `${token(claims).slice(0, -8)}AAAAAAAA`);
  for (const [index, one] of tokens.entries()) {
    await ask(`token ${index}`, '/v1/chat/completions', chat('hello'), { authorization: `Bearer ${one}` });
    await ask(`token ${index}, counted`, '/v1/messages/count_tokens', messages('hello'), {
      authorization: `Bearer ${one}`,
    });
  }
  for (const path of ['/keys', '/config', '/health', '/usage?by=user', '/nowhere']) {
    for (const which of ['the credential of the admin API', 'a wrong credential of the admin API'] as const) {
      const answer = await fetch(`${url}/admin/v1${path}`, { headers: { authorization: `Bearer ${SECRETS[which]}` } });
      left.set(`admin ${path}, ${which}`, `${answer.status} ${await answer.text()}`);
    }
  }
  await ask('a stranger', '/v1/messages', messages('hello'), {
    authorization: `Bearer ${SECRETS['what a caller shows beside its key']}`,
  });

  sandbox.write('.claude-code/router-config.yml', `${configuration}wrong_key: ${SECRETS['a header of a provider']}\n`);
  await sandbox.run(['trust'], { env });
  child.kill('SIGHUP');
  await firstMatch(child.stderr, /not taken over/);
  sandbox.write('.claude-code/router-config.yml', configuration);
  await sandbox.run(['trust'], { env });
  for (const path of ['/metrics', '/health/providers', '/v1/models', '/readyz']) {
    left.set(path, await (await fetch(`${url}${path}`, { headers: { 'x-signalbox-key': gatewayKey } })).text());
  }
  child.kill('SIGTERM');
  const { stdout, stderr } = await ended;
  left.set('log', stdout + stderr);
  const folder = join(sandbox.home, '.claude-code');
  for (const name of readdirSync(folder)) left.set(`file ${name}`, readFileSync(join(folder, name), 'latin1'));
  for (const words of [
    ['keys', 'list', '--json'],
    ['config', 'show'],
    ['config', 'validate'],
  ]) {
    const end = await sandbox.run(words, { env });
    left.set(words.join(' '), end.stdout + end.stderr);
  }
});
afterAll(async () => {
  sandbox.remove();
  provider.closeAllConnections();
  for (const server of [provider, identity]) await new Promise((resolve) => server.close(resolve));
});

const places = (text: string) => [...left].filter(([, content]) => content.includes(text)).map(([place]) => place);

describe('a gateway that has been through everything', () => {
  it('was: the places that are searched hold what they should', () => {
    expect(left.size).toBeGreaterThan(30);
    expect(left.get('answer: well')).toContain('planted-answer-77777777');
    expect(left.get('answer: 400')).toMatch(/^400 .*planted-words-of-a-provider/);
    // Words about the gateway's own account are not for callers with a key.
    expect(left.get('answer: 401')).toMatch(/^401 .*refuses the key/);
    expect(places('planted-words-of-a-provider').filter((place) => /40[13]|429/.test(place))).toEqual([]);
    expect(left.get('answer: a stranger')).toMatch(/^401 /);
    expect(
      left
        .get('log')
        ?.split('\n')
        .filter((line) => line.startsWith('{')).length,
    ).toBeGreaterThan(20);
    expect(left.get('file signalbox.db')).toContain('gpt-4o-mini');
    expect(left.get('/metrics')).toContain('signalbox_attempts_total');
    expect(left.get('config show')).toContain('gpt-4o-mini');
    expect(left.get('answer: hooked')).toMatch(/^200 /);
    expect(left.get('answer: hooked, and refused')).toMatch(/^400 .*\[redacted:project\]/);
    expect(left.get('answer: a hook that fails')).toMatch(/^200 /);
    expect(left.get('log')).toMatch(/The hook onRequest threw Error/);
    expect([0, 1, 2].map((index) => left.get(`answer: token ${index}`)?.slice(0, 3))).toEqual(['200', '401', '401']);
    expect(left.get('admin /keys, the credential of the admin API')).toMatch(/^200 /);
    expect(left.get('admin /keys, a wrong credential of the admin API')).toMatch(/^401 /);
    expect(left.get('file signalbox-audit.jsonl')).toMatch(/admin/);
  });

  it.each(Object.entries(SECRETS))('has let go of %s nowhere: no answer, log, metric, ledger or file', (_, secret) => {
    expect(places(secret)).toEqual([]);
  });

  it("has let go of the gateway's own key nowhere", () => {
    expect(gatewayKey).toMatch(/^sk-signalbox-/);
    expect(places(gatewayKey.slice('sk-signalbox-'.length))).toEqual([]);
  });

  it('has let go of no token of an identity provider, nor of a part that would make one', () => {
    expect(tokens).toHaveLength(3);
    for (const token of tokens) for (const part of token.split('.')) expect(places(part)).toEqual([]);
  });

  it.each(TALK)('has told %s to nobody but its caller', (text) => {
    expect(places(text).filter((place) => !place.startsWith('answer:'))).toEqual([]);
  });
});
