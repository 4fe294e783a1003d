import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Validator } from '@seriousme/openapi-schema-validator';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { zoneWhereItIsNoon } from './noon-zone.ts';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

const CREDENTIAL = 'planted-admin-credential-0123456789abcdef';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  sandbox = createSandbox();
  configure('gpt-4o-mini');
});
afterEach(() => sandbox.remove());

const configure = (models: string, more = '') =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: sk-planted-provider-key, models: [${models}] }\nbudget: { daily: 5, per_user: { default: 1 }, time_zone: ${zoneWhereItIsNoon()} }\n${more}`,
  );

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { responses: Readonly<Record<string, { content: Readonly<Record<string, { schema: object }>> }>> }
        >
      >
    >
  >;
}

/** What the tests read of answers. */
interface AnswerBody {
  readonly error?: { readonly message: string };
  readonly secret?: string;
  readonly state?: string;
  readonly yaml?: string;
  readonly taken_over?: boolean;
  readonly message?: string;
  readonly workers?: object;
  readonly keys?: readonly object[];
  readonly attempts?: readonly object[];
  readonly totals?: readonly object[];
  readonly budgets?: readonly { readonly title: string; readonly limit: number }[];
}

interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

/** A gateway while `work` runs; answers what it wrote to stderr. */
async function whileServing(
  work: (url: string, admin: (method: string, path: string, body?: object) => Promise<Answer>) => Promise<void>,
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = { SIGNALBOX_ADMIN_KEY: CREDENTIAL },
): Promise<string> {
  const child = sandbox.start(['serve', '--port', '0', ...words], env);
  const ended = finished(child);
  try {
    const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    await work(url, async (method, path, body) => {
      const answer = await fetch(`${url}/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${CREDENTIAL}`, connection: 'close' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as AnswerBody };
    });
  } finally {
    child.kill('SIGTERM');
  }
  return (await ended).stderr;
}

/** Checks answers against the document that describes them. */
function checker(
  document: Document,
): (method: string, path: string, answer: { readonly status: number; readonly body: unknown }) => void {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  return (method, path, { status, body }) => {
    const described = document.paths[path]?.[method]?.responses[String(status)];
    expect(described, `${method} ${path} ${status} is described`).toBeDefined();
    const [content] = Object.values(described?.content ?? {});
    const validate = ajv.compile(content?.schema ?? false);
    expect(validate(body) ? [] : validate.errors, `${method} ${path} ${status}`).toEqual([]);
  };
}

const audit = async () => JSON.parse((await sandbox.run(['audit', 'show', '--json'])).stdout);

describe('the admin API', () => {
  it('does what its OpenAPI document says, and writes it into the audit log, without a secret', async () => {
    const secrets: string[] = [];
    const stderr = await whileServing(async (url, admin) => {
      const document = (await admin('GET', '/openapi.json')).body as Document;
      expect(
        await new Validator().validate(structuredClone(document) as object as Parameters<Validator['validate']>[0]),
      ).toMatchObject({ valid: true });
      const check = checker(document);
      const seen = new Set<string>();
      async function call(method: 'get' | 'post', path: string, asked: string, body?: object): Promise<Answer> {
        const answer = await admin(method.toUpperCase(), asked, body);
        check(method, `/admin/v1${path}`, answer);
        seen.add(`${method} /admin/v1${path}`);
        return answer;
      }

      const first = await call('post', '/keys', '/keys', {
        name: 'ci',
        user: 'ada',
        tags: ['nightly'],
        models: ['gpt-*'],
        expires_at: '2999-01-01T00:00:00Z',
        limits: { budget_daily_nano_usd: 5_000_000_000, requests_per_minute: 60 },
      });
      expect(first.status).toBe(201);
      secrets.push(first.body.secret ?? '');
      expect((await call('post', '/keys', '/keys', { name: 'ci' })).status).toBe(409);
      expect((await call('post', '/keys', '/keys', { name: 'ci', sudo: true })).status).toBe(400);
      const second = await call('post', '/keys/{name}/rotate', '/keys/ci/rotate');
      secrets.push(second.body.secret ?? '');
      expect((await call('post', '/keys/{name}/rotate', '/keys/nobody/rotate', {})).status).toBe(404);

      const ask = (secret: string) =>
        fetch(`${url}/v1/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${secret}` },
          body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] }),
        });
      expect((await ask(first.body.secret ?? '')).status).toBe(401);
      const answered = await ask(second.body.secret ?? '');
      expect(answered.status).toBe(200);
      await answered.text();
      const id = answered.headers.get('x-signalbox-decision') ?? '';

      // At once: the ledger writes a moment later.
      const { body: decided } = await call('get', '/decisions/{id}', `/decisions/${id}`);
      expect(decided.attempts).toMatchObject([{ candidate: 'openai/gpt-4o-mini', outcome: 'success' }]);
      expect((await call('get', '/decisions/{id}', '/decisions/none')).status).toBe(404);
      const { body: used } = await call('get', '/usage', '/usage?by=user,model&from=2020-01-01T00:00:00Z');
      expect(used.totals).toMatchObject([{ group: { user: 'ada', model: 'gpt-4o-mini' }, requests: 1 }]);
      expect((await call('get', '/usage', '/usage?by=prompt')).status).toBe(400);
      expect((await call('get', '/usage', '/usage?by=user&by=key')).status).toBe(400);
      const { body: standing } = await call('get', '/budgets', '/budgets?user=ada');
      expect(standing.budgets?.map((one) => one.title)).toEqual(['daily budget', 'daily budget of user ada']);
      const { body: ofKey } = await call('get', '/budgets', '/budgets?key=ci');
      expect(ofKey.budgets?.map(({ title, limit }) => [title, limit])).toEqual([
        ['daily budget', expect.any(Number)],
        ['daily budget of key ci', 5_000_000_000],
        ['daily budget of user ada', 1_000_000_000],
      ]);
      await call('get', '/health', '/health');
      const { body: configuration } = await call('get', '/config', '/config');
      expect(configuration.yaml).toContain('gpt-4o-mini');
      expect(configuration.yaml).not.toContain('planted');
      configure('gpt-4o-mini, gpt-4-turbo');
      expect((await call('post', '/config/reload', '/config/reload')).body).toMatchObject({ taken_over: true });
      configure('gpt-4o-mini', 'routing: { stratgy: manual }\n');
      expect((await call('post', '/config/reload', '/config/reload')).body).toMatchObject({
        taken_over: false,
        message: expect.stringContaining('stratgy'),
      });
      configure('gpt-4o-mini');
      const { body: listed } = await call('get', '/keys', '/keys');
      expect(listed.keys).toMatchObject([{ name: 'ci', state: 'open', user: 'ada' }]);
      expect((await call('post', '/keys/{name}/revoke', '/keys/ci/revoke')).body.state).toBe('revoked');
      const late = { name: 'late', expires_at: '2999-01-01T01:00:00+02:00' };
      expect((await call('post', '/keys', '/keys', late)).status).toBe(201);
      const over = await call('post', '/keys', '/keys', { name: 'over', expires_at: '2020-01-01T01:00:00+02:00' });
      expect([over.status, over.body]).toMatchObject([
        409,
        { error: { message: expect.stringContaining('Name a time to come') } },
      ]);
      expect((await call('post', '/keys', '/keys', { name: 'x'.repeat(70_000) })).status).toBe(413);
      await call('get', '/openapi.json', '/openapi.json');

      const all = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method} ${path}`),
      );
      expect([...seen].sort()).toEqual(all.sort());
    });

    const log = await audit();
    const done = log.map((line: { action: string; target: string; outcome: string }) => [
      line.action,
      line.target,
      line.outcome,
    ]);
    for (const line of [
      ['key.create', 'ci', 'done'],
      ['key.create', 'POST /admin/v1/keys', 'failed'],
      ['key.rotate', 'ci', 'done'],
      ['key.revoke', 'ci', 'done'],
      ['config.reload', undefined, 'done'],
      ['config.reload', undefined, 'failed'],
      ['admin.read', 'GET /admin/v1/usage', 'done'],
    ]) {
      expect(done).toContainEqual(line);
    }
    const file = join(sandbox.home, '.claude-code', 'signalbox-audit.jsonl');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const secret of [...secrets, CREDENTIAL, 'sk-planted-provider-key']) {
      expect(readFileSync(file, 'utf8')).not.toContain(secret);
      expect(stderr).not.toContain(secret);
    }
  });

  it('opens to its own credential alone, and no page may ask', async () => {
    await sandbox.run(['keys', 'create', 'laptop']);
    await whileServing(async (url) => {
      const { stdout } = await sandbox.run(['keys', 'create', 'other']);
      for (const shown of [undefined, 'wrong', stdout.trim()]) {
        const answer = await fetch(`${url}/admin/v1/keys`, {
          headers: {
            ...(shown === undefined ? {} : { authorization: `Bearer ${shown}` }),
            origin: 'https://evil.example',
          },
        });
        expect(answer.status).toBe(401);
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
      const page = await fetch(`${url}/admin/v1/keys`, {
        headers: { authorization: `Bearer ${CREDENTIAL}`, origin: url },
      });
      expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('No web page')]);
      const models = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${CREDENTIAL}` } });
      expect(models.status).toBe(401);
    });
    expect((await audit()).filter((line: { action: string }) => line.action === 'admin.refused')).toHaveLength(2);
  });

  it('is not there without a credential, and refuses one that could be guessed', async () => {
    await whileServing(
      async (url) => {
        expect((await fetch(`${url}/admin/v1/keys`)).status).toBe(404);
      },
      [],
      {},
    );
    const child = sandbox.start(['serve', '--port', '0'], { SIGNALBOX_ADMIN_KEY: 'admin' });
    const { code, stderr } = await finished(child);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/SIGNALBOX_ADMIN_KEY must have at least 32 characters/)]);
  });

  it('refuses a wrong method with those that there are, answers HEAD, and takes compressed bodies', async () => {
    await whileServing(async (url) => {
      const ask = (method: string, path: string, more: RequestInit = {}) =>
        fetch(`${url}/admin/v1${path}`, {
          method,
          ...more,
          headers: { authorization: `Bearer ${CREDENTIAL}`, ...(more.headers as Record<string, string>) },
        });
      for (const [method, path, allow] of [
        ['DELETE', '/keys', 'GET, HEAD, POST'],
        ['GET', '/keys/ci/revoke', 'POST'],
        ['PUT', '/openapi.json', 'GET, HEAD'],
      ] as const) {
        const answer = await ask(method, path);
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
        expect(await answer.json()).toEqual({
          error: { type: 'invalid_request_error', message: expect.stringContaining('is not a method of') },
        });
      }
      expect((await ask('GET', '/nothing')).status).toBe(404);
      const head = await ask('HEAD', '/keys');
      expect([head.status, await head.text()]).toEqual([200, '']);
      const packed = await ask('POST', '/keys', {
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(JSON.stringify({ name: 'packed' })),
      });
      expect(packed.status).toBe(201);
    });
  });

  it('says of what it can not take what stands where it is wrong, and what may', async () => {
    await whileServing(async (_url, admin) => {
      for (const [method, path, body, sentence] of [
        [
          'GET',
          '/usage?by=prompt',
          undefined,
          /^query\.by: must be any of day, provider, .+, with commas between them\.$/,
        ],
        ['GET', '/usage?from=yesterday', undefined, /^query\.from: must be a time such as 2026-11-01T00:00:00Z\.$/],
        ['POST', '/keys', { name: 'a b' }, /^body\.name: must be 1 to 64 letters, digits/],
        [
          'POST',
          '/keys',
          { name: 'a', limits: { rpm: 5 } },
          /^body\.limits\.rpm: is not known here; GET .*openapi\.json/,
        ],
        ['POST', '/keys/ci/rotate', { grace: '24h' }, /^body\.grace: is not known here; GET .*openapi\.json/],
      ] as const) {
        const answer = await admin(method, path, body);
        expect([answer.status, answer.body.error?.message]).toEqual([400, expect.stringMatching(sentence)]);
      }
    });
  });

  it('makes keys that open all workers from the moment on in which they are shown', async () => {
    await whileServing(
      async (url, admin) => {
        for (let turn = 0; turn < 4; turn += 1) {
          const { secret = '' } = (await admin('POST', '/keys', { name: `key${turn}` })).body;
          for (let count = 0; count < 4; count += 1) {
            const headers = { authorization: `Bearer ${secret}`, connection: 'close' };
            expect((await fetch(`${url}/v1/models`, { headers })).status).toBe(200);
          }
        }
      },
      ['--workers', '2'],
    );
  });

  it('reloads all workers and tells of them', async () => {
    await whileServing(
      async (_url, admin) => {
        expect((await admin('GET', '/health')).body.workers).toEqual({ wanted: 2, up: 2 });
        configure('gpt-4o-mini, gpt-4-turbo');
        expect((await admin('POST', '/config/reload')).body.taken_over).toBe(true);
        for (let count = 0; count < 4; count += 1) {
          expect((await admin('GET', '/config')).body.yaml).toContain('gpt-4-turbo');
        }
      },
      ['--workers', '2'],
    );
  });
});

describe('the document of the gateway itself', () => {
  it('is true of its answers', async () => {
    await whileServing(async (url) => {
      const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
      expect(
        await new Validator().validate(structuredClone(document) as object as Parameters<Validator['validate']>[0]),
      ).toMatchObject({ valid: true });
      const check = checker(document);
      const seen = new Set<string>();
      const read = async (path: string, asked = path) => {
        const answer = await fetch(`${url}${asked}`);
        const isText = answer.headers.get('content-type')?.startsWith('text/plain') === true;
        seen.add(path);
        check('get', path, { status: answer.status, body: isText ? await answer.text() : await answer.json() });
      };
      for (const path of ['/healthz', '/readyz', '/health/providers', '/metrics', '/openapi.json', '/v1/models'])
        await read(path);
      for (const asked of ['/v1/models/gpt-4o-mini', '/v1/models/none']) await read('/v1/models/{model}', asked);
      const described = Object.entries(document.paths).flatMap(([path, { get }]) => (get === undefined ? [] : [path]));
      expect([...seen].sort()).toEqual(described.sort());
      for (const body of [
        '{"prompt":"hi"}',
        'no json',
        '{"prompt":"hi","model":""}',
        `"${'x'.repeat(33 * 1024 * 1024)}"`,
      ]) {
        const answer = await fetch(`${url}/v1/explain`, { method: 'POST', body });
        check('post', '/v1/explain', { status: answer.status, body: await answer.json() });
      }
      const prompt = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] });
      const answered = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: prompt });
      await answered.text();
      const id = answered.headers.get('x-signalbox-decision');
      const judgements = [{ id, verdict: 'good' }, { id: 'nobody', verdict: 'bad' }, { verdict: 'bad' }];
      const statuses: number[] = [];
      for (const judgement of judgements) {
        const answer = await fetch(`${url}/v1/feedback`, { method: 'POST', body: JSON.stringify(judgement) });
        check('post', '/v1/feedback', { status: answer.status, body: await answer.json() });
        statuses.push(answer.status);
      }
      expect(statuses).toEqual([200, 404, 400]);
    });
  });
});

describe('signalbox audit show', () => {
  it('tells of keys and trust that were changed by commands', async () => {
    expect((await sandbox.run(['audit', 'show'])).stderr).toBe('There is nothing in the audit log.\n');
    const { stdout: secret } = await sandbox.run(['keys', 'create', 'laptop', '--user', 'ada']);
    await sandbox.run(['keys', 'revoke', 'laptop']);
    sandbox.write('.claude-code/router.js', 'exports.selectModel = () => undefined;');
    await sandbox.run(['trust']);
    const lines = await audit();
    expect(lines).toMatchObject([
      { action: 'key.create', target: 'laptop', via: 'cli', outcome: 'done', details: { user: 'ada' } },
      { action: 'key.revoke', target: 'laptop' },
      { action: 'trust.add', target: expect.stringMatching(/router\.js$/), details: { sha256: expect.any(String) } },
    ]);
    expect(JSON.stringify(lines)).not.toContain(secret.trim());
    const { stdout } = await sandbox.run(['audit', 'show', '--action', 'key', '--last', '1']);
    expect(stdout).toMatch(/key\.revoke +laptop +done/);
    expect((await sandbox.run(['audit', 'show', '--action', 'kee'])).stderr).toMatch(
      /^The audit log has no "kee"; there are .*key\.create, .*key\.revoke/,
    );
    expect(stdout).not.toContain('key.create');
  });
});
