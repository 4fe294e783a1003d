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

let provider: Server;
let sandbox: Sandbox;
let gatewayKey: string;
/** Everything that anybody could read afterwards, by its name. */
const left = new Map<string, string>();
beforeAll(async () => {
  provider = await startQuotingProvider();
  sandbox = createSandbox();
  const env = {
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
`;
  sandbox.write('.claude-code/router-config.yml', configuration);
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
  await ask('a stranger', '/v1/messages', messages('hello'), {
    authorization: `Bearer ${SECRETS['what a caller shows beside its key']}`,
  });

  sandbox.write('.claude-code/router-config.yml', `${configuration}wrong_key: ${SECRETS['a header of a provider']}\n`);
  child.kill('SIGHUP');
  await firstMatch(child.stderr, /not taken over/);
  sandbox.write('.claude-code/router-config.yml', configuration);
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
  await new Promise((resolve) => provider.close(resolve));
});

const places = (text: string) => [...left].filter(([, content]) => content.includes(text)).map(([place]) => place);

describe('a gateway that has been through everything', () => {
  it('was: the places that are searched hold what they should', () => {
    expect(left.size).toBeGreaterThan(30);
    expect(left.get('answer: well')).toContain('planted-answer-77777777');
    expect(left.get('answer: 401')).toMatch(/^401 .*planted-words-of-a-provider/);
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
  });

  it.each(Object.entries(SECRETS))('has let go of %s nowhere: no answer, log, metric, ledger or file', (_, secret) => {
    expect(places(secret)).toEqual([]);
  });

  it("has let go of the gateway's own key nowhere", () => {
    expect(gatewayKey).toMatch(/^sk-signalbox-/);
    expect(places(gatewayKey.slice('sk-signalbox-'.length))).toEqual([]);
  });

  it.each(TALK)('has told %s to nobody but its caller', (text) => {
    expect(places(text).filter((place) => !place.startsWith('answer:'))).toEqual([]);
  });
});
