import { createHash } from 'node:crypto';
import { parseConfiguration } from '@signalbox/config';
import type { GatewayKeys } from '@signalbox/core';
import { anthropic } from '@signalbox/provider-anthropic';
import { setupRouter } from '@signalbox/setup';
import { afterEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const LOGIN = 'sk-ant-oat-planted-login';
const digest = createHash('sha256').update('sk-gateway').digest('hex');
const keys: GatewayKeys = {
  find: (sha256) => (sha256 === digest ? { name: 'ada', tags: [], limits: {}, createdAt: 0 } : undefined),
  exist: () => true,
};

let under: GatewayUnderTest | undefined;
afterEach(async () => {
  await under?.close();
  under = undefined;
});

async function start(extra = '', options: Parameters<typeof startGateway>[2] = {}): Promise<GatewayUnderTest> {
  const providers = (simulator: string) => `
  anthropic: { endpoint: "${simulator}/anthropic", credentials: caller, models: [claude-sonnet-4-5, claude-haiku-4-5] }
  openai: { endpoint: "${simulator}/openai/v1", api_key: sk-of-the-gateway, models: [gpt-4o-mini] }`;
  under = await startGateway(extra, providers, options);
  return under;
}

async function ask(
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Headers; text: string }> {
  const answer = await fetch(`${under?.gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const messages = (model: string, fields: object = {}) => ({
  model,
  max_tokens: 50,
  messages: [{ role: 'user', content: 'hi' }],
  ...fields,
});
const login = { authorization: `Bearer ${LOGIN}` };
/** The simulator shows that a credential came, not which. */
const sent = () =>
  under?.simulator.requests.map(({ path, headers }) => [path, headers.authorization ?? headers['x-api-key']]);

describe("a provider that is called with its callers' own credentials", () => {
  it('gets what the caller shows, as it came, and the books say that it costs us nothing', async () => {
    await start();
    under?.simulator.script([
      { when: { key: LOGIN }, behave: { text: 'let in', inputTokens: 1000 } },
      { behave: { status: 401 } },
    ]);
    const answer = await ask('/v1/messages', messages('claude-sonnet-4-5'), login);
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('let in')]);
    expect(under?.rows.at(-1)?.attempt).toMatchObject({ cost: { nanoUsd: 0 }, usage: { inputTokens: 1000 } });
    await ask('/v1/messages/count_tokens', { ...messages('claude-sonnet-4-5'), max_tokens: undefined }, login);
    expect(sent()?.map(([path]) => path)).toEqual(['/anthropic/v1/messages', '/anthropic/v1/messages/count_tokens']);
  });

  it('gets it beside a key of the gateway, and that key goes no further', async () => {
    await start('', { keys });
    under?.simulator.script([{ when: { key: LOGIN }, behave: { text: 'let in' } }, { behave: { status: 401 } }]);
    const both = { ...login, 'x-signalbox-key': 'sk-gateway' };
    expect((await ask('/v1/messages', messages('claude-sonnet-4-5'), both)).status).toBe(200);
    const opener = await ask('/v1/messages', messages('claude-sonnet-4-5'), { authorization: 'Bearer sk-gateway' });
    expect([opener.status, opener.text]).toEqual([401, expect.stringContaining('this request shows none')]);
    expect(under?.simulator.requests).toHaveLength(1);
  });

  it('is the only one that gets it: another vendor, and another API, do not', async () => {
    await start();
    under?.simulator.script([{ when: { key: LOGIN, path: /openai/ }, behave: { status: 500 } }]);
    expect((await ask('/v1/messages', messages('gpt-4o-mini'), login)).status).toBe(200);
    expect((await ask('/v1/chat/completions', messages('gpt-4o-mini'), login)).status).toBe(200);
    const other = await ask('/v1/chat/completions', messages('claude-sonnet-4-5'), login);
    expect([other.status, other.text]).toEqual([401, expect.stringContaining('came by another API')]);
    expect(under?.simulator.requests.map((one) => one.path)).toEqual([
      '/openai/v1/chat/completions',
      '/openai/v1/chat/completions',
    ]);
  });

  it('is passed over for a request that would have to be written anew', async () => {
    await start('routing: { apply_to: all, background: "claude-haiku-4-5" }\n');
    const title = {
      output_config: {
        format: { type: 'json_schema', schema: { type: 'object', properties: { title: { type: 'string' } } } },
      },
    };
    const answer = await ask('/v1/messages', messages('claude-sonnet-4-5', { max_tokens: 500_000, ...title }), login);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain('could not go there as it came');
    expect(under?.simulator.requests).toHaveLength(0);
  });

  it('is not left alone because of one caller whose credential is refused', async () => {
    await start();
    under?.simulator.script([{ when: { key: 'sk-bad' }, behave: { status: 401 } }]);
    for (let call = 0; call < 8; call += 1) {
      expect((await ask('/v1/messages', messages('claude-sonnet-4-5'), { 'x-api-key': 'sk-bad' })).status).toBe(401);
    }
    expect((await ask('/v1/messages', messages('claude-sonnet-4-5'), login)).status).toBe(200);
    expect(under?.ready.router.endpoints().filter((one) => one.state !== 'closed')).toEqual([]);
  });
});

describe('a configuration that would send logins astray', () => {
  it.each([
    ['credentials: caller, endpoint: "https://evil.example"', /would send logins of callers to evil\.example/],
    ['credentials: caller, api_key: k', /and a key exclude each other/],
  ])('is refused: %s', async (fields, sentence) => {
    const { configuration } = parseConfiguration(`providers: { anthropic: { ${fields} } }`, { file: 'f.yml', env: {} });
    await expect(setupRouter({ configuration, env: {}, definitions: { anthropic } })).rejects.toThrow(sentence);
  });

  it('is refused where two of one API would take them', async () => {
    const yaml = 'providers: { anthropic: { credentials: caller }, second: { type: anthropic, credentials: caller } }';
    const { configuration } = parseConfiguration(yaml, { file: 'f.yml', env: {} });
    await expect(setupRouter({ configuration, env: {}, definitions: { anthropic } })).rejects.toThrow(
      /providers\.anthropic and providers\.second both have credentials: caller/,
    );
  });

  it("is not one that names the vendor's own host", async () => {
    const yaml = 'providers: { anthropic: { credentials: caller, endpoint: "https://api.anthropic.com/v1" } }';
    const { configuration } = parseConfiguration(yaml, { file: 'f.yml', env: { ANTHROPIC_API_KEY: 'sk-ours' } });
    const ready = await setupRouter({
      configuration,
      env: { ANTHROPIC_API_KEY: 'sk-ours' },
      definitions: { anthropic },
    });
    expect(ready.providers.map((one) => one.callerCredentials)).toEqual([true]);
    await ready.close();
  });
});
