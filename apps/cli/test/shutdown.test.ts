import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { type IncomingMessage, request as openRequest } from 'node:http';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Finished, finished, firstMatch, type Sandbox } from './run-cli.ts';

let simulator: Simulator;
let sandbox: Sandbox;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  simulator.reset();
  sandbox = createSandbox();
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n  openai: { endpoint: "${simulator.url}", api_key: sk-planted, models: [gpt-4-turbo] }\n`,
  );
});
afterEach(() => sandbox.remove());

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: string;
  readonly ended: Promise<Finished>;
}

async function serve(...words: readonly string[]): Promise<Running> {
  const child = sandbox.start(['serve', '--port', '0', ...words]);
  const ended = finished(child);
  const [, url] = await firstMatch(child.stderr, /serves on (http:\S+)/);
  return { child, url: url ?? '', ended };
}

/** A stream whose first words are there: what it says to its end, and how it ends. */
async function openStream(url: string): Promise<{ readonly end: Promise<{ text: string; whole: boolean }> }> {
  const request = openRequest(`${url}/v1/chat/completions`, { method: 'POST', agent: false });
  request.end(JSON.stringify({ model: 'gpt-4-turbo', stream: true, messages: [{ role: 'user', content: 'Hello' }] }));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  let text = '';
  response.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  response.on('error', () => undefined);
  const end = new Promise<{ text: string; whole: boolean }>((resolve) => {
    response.on('close', () => resolve({ text, whole: response.complete }));
  });
  await expect.poll(() => text).toContain('word');
  return { end };
}

function booked() {
  const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });
  const rows = ledger.rows();
  ledger.close();
  return rows;
}

const slowly = (interval: number) => simulator.script([{ behave: { text: 'word '.repeat(20).trim(), interval } }]);

describe('a gateway that is told to stop', () => {
  it('ends at once with code 0 where nothing is running', async () => {
    const { child, ended } = await serve();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('lets running answers end, refuses new ones, says so, books all and ends with code 0', async () => {
    slowly(60);
    const { child, url, ended } = await serve();
    const { end } = await openStream(url);
    child.kill('SIGTERM');
    await expect
      .poll(async () => (await fetch(`${url}/healthz`)).json())
      .toMatchObject({ status: 'draining', running: 1 });
    const refused = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('shutting down') } });
    const { text, whole } = await end;
    expect(whole).toBe(true);
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining('1 answer may still end') });
    expect(booked()).toMatchObject([{ outcome: 'success' }]);
  });

  it.each([
    { how: 'at the second signal', words: ['--grace', '600'], signals: 2, code: 130 },
    { how: 'when the time is over', words: ['--grace', '0'], signals: 1, code: 0 },
  ])('breaks what is left $how, never as if it were whole, and books it', async ({ words, signals, code }) => {
    slowly(600_000);
    const { child, url, ended } = await serve(...words);
    const { end } = await openStream(url);
    child.kill('SIGTERM');
    if (signals === 2) {
      await expect.poll(async () => (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'draining' });
      child.kill('SIGTERM');
    }
    expect((await end).whole).toBe(false);
    expect((await ended).code).toBe(code);
    expect(booked()).toMatchObject([{ outcome: 'aborted', usageProvenance: 'estimated' }]);
    await expect.poll(() => simulator.requests.at(-1)?.aborted).toBe(true);
  });
});
