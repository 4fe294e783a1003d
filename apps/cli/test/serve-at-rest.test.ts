import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = createSandbox();
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator?.close();
  sandbox?.remove();
});

/** Says at its end whether the process has loaded Node's TLS, and its own fetch with all that belongs to it. */
const REPORT = `process.on('exit', () => {
  const loaded = (end) => process.moduleLoadList.some((name) => name.endsWith(end)) ? 'with' : 'without';
  process.stderr.write(loaded(' tls') + ' TLS, ' + loaded('internal/deps/undici/undici') + ' fetch');
});`;

async function saidAfter(ask: (url: string) => Promise<Response>, more = ''): Promise<string> {
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: k, models: [gpt-4o-mini] }\n${more}`,
  );
  const report = sandbox.write('report.cjs', REPORT);
  const child = sandbox.start(['serve', '--port', '0'], { NODE_OPTIONS: `--require ${report}` });
  const ended = finished(child);
  try {
    const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    const answer = await ask(url);
    expect(answer.status, await answer.text()).toBe(200);
  } finally {
    child.kill('SIGTERM');
  }
  return (await ended).stderr;
}

function call(url: string): Promise<Response> {
  const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] });
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
}

describe('the memory of a gateway', () => {
  it('does not hold Node’s own fetch as long as it only passes calls on, nor TLS where nobody is called with https', async () => {
    expect(await saidAfter(call)).toMatch(/without TLS, without fetch$/);
  });

  it('holds TLS where a provider is to be called with https, before the first call', async () => {
    const never = '  anthropic: { endpoint: "https://127.0.0.1:9", api_key: k, models: [claude-sonnet-4-5] }\n';
    expect(await saidAfter(call, never)).toMatch(/with TLS, without fetch$/);
  });

  it('holds it once somebody asked for what the framework answers', async () => {
    expect(await saidAfter((url) => fetch(`${url}/v1/models`))).toMatch(/with fetch$/);
  });
});
