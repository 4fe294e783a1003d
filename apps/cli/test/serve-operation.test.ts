import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
});
afterEach(() => sandbox.remove());

const configure = (models: string, more = '') =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: sk-planted-provider-key, models: [${models}] }\n${more}`,
  );

interface Serving {
  readonly url: string;
  /** What stands on stderr so far. */
  said(): string;
  signal(name: NodeJS.Signals): void;
}

/** Serves while `work` runs; answers what stood on stderr. */
async function whileServing(
  words: readonly string[],
  work: (serving: Serving) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = sandbox.start(['serve', '--port', '0', ...words], env);
  let said = '';
  child.stderr.on('data', (chunk: Uint8Array) => {
    said += Buffer.from(chunk).toString();
  });
  const ended = finished(child);
  try {
    const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    await work({ url, said: () => said, signal: (name) => void child.kill(name) });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  return said;
}

const ask = (url: string, content: string, fields: object = {}) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-planted-caller-key' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...fields }),
  });

async function listed(url: string): Promise<readonly string[]> {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string; owned_by: string }[] };
  return data.filter((one) => one.owned_by === 'openai').map((one) => one.id);
}

describe('a configuration that changes while the gateway runs', () => {
  it('that was emptied is not taken over: a gateway that has answered does not begin to make answers up', async () => {
    configure('gpt-4o-mini');
    await whileServing([], async ({ url, said, signal }) => {
      sandbox.write('.claude-code/router-config.yml', '');
      signal('SIGHUP');
      await expect
        .poll(said, { timeout: 15_000 })
        .toMatch(/not taken over, .*the simulator would answer in their place/);
      const answer = await ask(url, 'hi');
      expect([answer.status, answer.headers.get('x-signalbox-simulated')]).toEqual([200, null]);
      configure('gpt-4o-mini, gpt-4-turbo');
      signal('SIGHUP');
      await expect.poll(said, { timeout: 15_000 }).toMatch(/The changed configuration is in effect/);
    });
  });

  it('is taken over as a whole; a bad one is told of and the old one stays; what has begun goes on', async () => {
    configure('gpt-4o-mini');
    await whileServing([], async ({ url, said, signal }) => {
      expect(await listed(url)).toEqual(['gpt-4o-mini']);
      const running = await ask(url, '[[simulate: words=60; interval=50]] go', { stream: true });
      configure('gpt-4o-mini, gpt-4-turbo');
      await expect.poll(() => listed(url), { timeout: 15_000 }).toEqual(['gpt-4o-mini', 'gpt-4-turbo']);
      expect(said()).toMatch(/The changed configuration is in effect \(.*router-config\.yml\)\./);
      expect(await running.text()).toContain('[DONE]');

      configure('gpt-4o-mini', 'routing: { stratgy: manual }\n');
      await expect
        .poll(said, { timeout: 15_000 })
        .toMatch(/warning: .*is not taken over, the old one stays in effect: .*routing\.stratgy: unknown key/);
      expect(await listed(url)).toEqual(['gpt-4o-mini', 'gpt-4-turbo']);

      configure('gpt-4-turbo');
      signal('SIGHUP');
      await expect.poll(() => listed(url), { timeout: 15_000 }).toEqual(['gpt-4-turbo']);
      expect((await ask(url, 'hi', { model: 'gpt-4-turbo' })).status).toBe(200);
    });
  });
});

describe('a changed configuration that says something new of who may come in', () => {
  it('says that the gateway has to be started anew for it', async () => {
    configure('gpt-4o-mini');
    const more = 'gateway: { mode: quality, cors_origins: ["https://app.example"], count_tokens: exact }\n';
    await whileServing([], async ({ said, signal }) => {
      configure('gpt-4o-mini', `quality_mode: { model: gpt-4o-mini }\n${more}`);
      signal('SIGHUP');
      await expect
        .poll(said, { timeout: 15_000 })
        .toMatch(
          /is in effect \(.*\)\. But gateway\.count_tokens and gateway\.cors_origins stay as they were at the start: start the gateway anew for them\.\n/,
        );
      configure('gpt-4o-mini');
      signal('SIGHUP');
      await expect.poll(said, { timeout: 15_000 }).toMatch(/is in effect \([^)]*\)\.\n/);
    });
  });
});

describe('the log', () => {
  it('has a line of JSON for each request, without what was said', async () => {
    configure('gpt-4o-mini');
    simulator.script([{ behave: { text: 'A planted answer.', inputTokens: 1000, outputTokens: 100 } }]);
    const said = await whileServing(['--log', 'info'], async ({ url, said: soFar }) => {
      const answer = await ask(url, 'A planted question', { user: 'ada' });
      await answer.text();
      await expect.poll(soFar).toContain(answer.headers.get('x-request-id'));
    });
    const lines = said.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 'info',
        msg: 'request',
        api: 'openai-chat',
        status: 200,
        outcome: 'complete',
        requestedModel: 'gpt-4o-mini',
        model: 'gpt-4o-mini',
        user: 'ada',
        attempts: 1,
        failures: [],
        input_tokens: 1000,
        output_tokens: 100,
        cost_usd: 0.00021,
      },
    ]);
    expect(said).not.toMatch(/planted/);
  });

  it('has only what failed where nothing else is said, and nothing with --log silent', async () => {
    configure('gpt-4o-mini', 'retry: { max_attempts: 1 }\n');
    const talk = async ({ url }: Serving) => {
      await (await ask(url, 'hi')).text();
      await (await ask(url, '[[simulate: status=503; message="a planted message"]] hi')).text();
      await (await ask(url, '[[simulate: status=401]] hi')).text();
    };
    const said = await whileServing([], talk);
    const lines = said.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 'warn',
        status: 503,
        outcome: 'refused',
        failures: ['openai/gpt-4o-mini: overloaded (HTTP 503, overloaded)'],
      },
      // Nobody but the operator can put a key right.
      { level: 'warn', status: 401, failures: ['openai/gpt-4o-mini: authentication (HTTP 401, invalid_api_key)'] },
    ]);
    expect(said).not.toContain('planted');
    expect(await whileServing(['--log', 'silent'], talk)).not.toContain('{');
  });
});

describe('a ledger that is damaged', () => {
  it('refuses what a hard budget would have to be asked for, and the operator reads of it', async () => {
    configure('gpt-4o-mini', 'budget: { daily: 5 }\n');
    mkdirSync(join(sandbox.home, '.claude-code'));
    writeFileSync(join(sandbox.home, '.claude-code', 'signalbox.db'), 'no database');
    const said = await whileServing([], async ({ url }) => {
      for (let count = 0; count < 3; count += 1) expect((await ask(url, 'hi')).status).toBe(429);
    });
    expect(
      said.match(/^warning: The ledger .*signalbox\.db can't be used: .* requests that cost money are refused/gm),
    ).toHaveLength(1);
  });
});

describe('GET /metrics and /readyz', () => {
  it('are there', async () => {
    configure('gpt-4o-mini');
    await whileServing([], async ({ url }) => {
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      await (await ask(url, 'hi')).text();
      const text = async () => (await fetch(`${url}/metrics`)).text();
      await expect
        .poll(text)
        .toContain('signalbox_requests_total{api="openai-chat",status="200",outcome="complete"} 1');
      expect(await text()).toContain(
        'signalbox_attempts_total{provider="openai",model="gpt-4o-mini",outcome="success",cause="first"} 1',
      );
    });
  });
});

describe('traces', () => {
  it('of a request and its calls go to the collector that the environment names, below the span of the caller, without what was said', async () => {
    sandbox.write(
      '.claude-code/router-config.yml',
      `providers:\n  google: { endpoint: "${simulator.url}", api_key: k, models: [gemini-2.5-flash] }\nretry: { max_attempts: 1 }\n`,
    );
    interface OtlpSpan {
      readonly name: string;
      readonly traceId: string;
      readonly parentSpanId?: string;
      readonly spanId: string;
      readonly attributes: readonly { readonly key: string; readonly value: object }[];
    }
    const bodies: string[] = [];
    const collector = createServer((request, response) => {
      const chunks: Uint8Array[] = [];
      request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      request.on('end', () => {
        const whole = Buffer.concat(chunks);
        bodies.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole).toString('utf8'));
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const trace = 'a'.repeat(32);
    const parent = 'b'.repeat(16);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    };
    await whileServing(
      [],
      async ({ url }) => {
        const answer = await fetch(`${url}/v1/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', traceparent: `00-${trace}-${parent}-01` },
          body: JSON.stringify({
            model: 'gemini-2.5-flash',
            messages: [{ role: 'user', content: 'A planted question' }],
          }),
        });
        await answer.text();
      },
      env,
    );
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
    const spans = bodies.flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans.flatMap((one) =>
        one.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
    const [server] = spans.filter((span) => span.parentSpanId === parent);
    expect(server).toMatchObject({ name: 'chat gemini-2.5-flash', traceId: trace });
    const [call] = spans.filter((span) => span.parentSpanId === server?.spanId);
    expect(call?.traceId).toBe(trace);
    expect(call?.attributes.map((one) => one.key)).toEqual(
      expect.arrayContaining([
        'gen_ai.provider.name',
        'gen_ai.usage.input_tokens',
        'gen_ai.response.time_to_first_chunk',
        'signalbox.cost.usd',
      ]),
    );
    expect(call?.attributes).toContainEqual({ key: 'gen_ai.provider.name', value: { stringValue: 'gcp.gemini' } });
    const { resourceSpans } = JSON.parse(bodies[0] ?? '') as { resourceSpans: { resource: object }[] };
    expect(resourceSpans[0]?.resource).toMatchObject({
      attributes: expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'signalbox' } },
        { key: 'deployment.environment.name', value: { stringValue: 'test' } },
      ]),
    });
    expect(bodies.join('')).not.toMatch(/planted/);
  });

  it('are kept as OTEL_TRACES_SAMPLER says, and what is not understood there is told of', async () => {
    configure('gpt-4o-mini');
    let exports = 0;
    const collector = createServer((request, response) => {
      exports += 1;
      request.resume().on('end', () => response.end('{}'));
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const exported = async (sampler: string, share: string) => {
      exports = 0;
      const said = await whileServing([], async ({ url }) => void (await (await ask(url, 'hi')).text()), {
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_TRACES_SAMPLER: sampler,
        OTEL_TRACES_SAMPLER_ARG: share,
      });
      return { exports, warnings: said.match(/^warning: OTEL.*$/gm) };
    };
    expect(await exported('always_off', '')).toEqual({ exports: 0, warnings: null });
    expect(await exported('parentbased_traceidratio', '0')).toEqual({ exports: 0, warnings: null });
    expect(await exported('parentbased_traceidratio', '10%')).toEqual({
      exports: 1,
      warnings: [expect.stringContaining('OTEL_TRACES_SAMPLER_ARG: "10%" is no share from 0 to 1')],
    });
    expect(await exported('xray', '')).toEqual({
      exports: 1,
      warnings: [expect.stringContaining('OTEL_TRACES_SAMPLER: "xray" is not known here')],
    });
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
  });

  it('are told of once where the collector is gone, and keep neither answers nor the end waiting', async () => {
    configure('gpt-4o-mini');
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const said = await whileServing(
      [],
      async ({ url }) => {
        for (let count = 0; count < 3; count += 1) expect((await ask(url, 'hi')).status).toBe(200);
      },
      { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    );
    expect(said.match(/Traces can't be sent to the collector \(ECONNREFUSED\)/g)).toHaveLength(1);
    expect(said).not.toContain('signalbox: ');
  });
});
