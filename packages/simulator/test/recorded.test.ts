import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { ANTHROPIC, at, events, lines, post, useSimulator } from './simulator-client.ts';

// Recordings of real exchanges are not part of the repository: structure is compared with them where they are at hand.
const shared = process.env.SIGNALBOX_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const folder = `${shared}/wire`;
const absent = !existsSync(`${folder}/index.jsonl`);
if (absent) console.info('recorded exchanges are not at hand: the comparison with them is skipped');

interface Recorded {
  readonly request: { readonly path: string | null; readonly body: unknown; readonly headers?: Record<string, string> };
  readonly response: {
    readonly status: number;
    readonly body?: unknown;
    readonly sse?: string;
    readonly ndjson?: string;
  };
  readonly provider: string;
  readonly endpoint: string;
  readonly stream: boolean;
  readonly file: string;
}

const ENDPOINTS = [
  { provider: 'anthropic', endpoint: 'anthropic.messages', required: 0.95 },
  { provider: 'openai', endpoint: 'openai.chat', required: 0.95 },
  { provider: 'openai', endpoint: 'openai.responses', required: 0.95 },
  { provider: 'google', endpoint: 'google.generateContent', required: 0.95 },
  { provider: 'ollama', endpoint: 'ollama.chat', required: 0.95 },
  { provider: 'ollama', endpoint: 'ollama.generate', required: 0.95 },
] as const;

function load(provider: string, endpoint: string): Recorded[] {
  return readFileSync(`${folder}/index.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { file: string; provider: string; endpoint: string; recording: string })
    .filter((entry) => entry.provider === provider && entry.endpoint === endpoint && entry.recording !== 'http-edited')
    .map((entry) => ({
      ...(JSON.parse(readFileSync(`${folder}/${entry.file}`, 'utf8')) as Recorded),
      file: entry.file,
    }))
    .filter((exchange) => exchange.response.status === 200);
}

/** Paths of all keys, arrays folded: `choices[].message.role`. Below free-form values nothing is listed. */
function keyPaths(value: unknown, path = '', found = new Set<string>()): Set<string> {
  if (/(\.input|\.args|\.arguments|\.properties|\.metadata|tools\[\]|\.schema)$/.test(path)) return found;
  if (Array.isArray(value)) for (const item of value) keyPaths(item, `${path}[]`, found);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      found.add(`${path}.${key}`);
      keyPaths(inner, `${path}.${key}`, found);
    }
  return found;
}

/** The kinds of a stream's events in order, repetitions folded, from `start` to `end`. */
function steps(exchange: { sse?: string | undefined; ndjson?: string | undefined; body?: unknown }): string[] {
  const items =
    exchange.sse !== undefined
      ? events(exchange.sse).map((event) => event.json ?? event.data)
      : exchange.ndjson !== undefined
        ? lines(exchange.ndjson)
        : (exchange.body as unknown[]);
  const kinds = items.map(kindOf).filter((kind) => kind !== 'ping');
  return ['start', ...kinds.filter((kind, index) => kind !== kinds[index - 1]), 'end'];
}

function kindOf(event: unknown): string {
  const type = at(event, 'type');
  if (typeof type === 'string')
    return [type, at(event, 'content_block', 'type'), at(event, 'delta', 'type'), at(event, 'item', 'type')]
      .filter((part) => part !== undefined)
      .join(' ');
  const delta = at(event, 'choices', 0, 'delta');
  if (delta !== undefined) {
    const finish = at(event, 'choices', 0, 'finish_reason') ?? undefined;
    const keys = Object.keys(delta as object)
      .filter((key) => key !== 'refusal')
      .toSorted();
    return `choice ${keys}${finish === undefined ? '' : ' finish'}`;
  }
  if (at(event, 'choices') !== undefined) return 'choices: none';
  if (at(event, 'candidates') !== undefined) {
    const finish = at(event, 'candidates', 0, 'finishReason') === undefined ? '' : ' finish';
    return `candidate${finish}`;
  }
  if (at(event, 'done') !== undefined) return `done ${String(at(event, 'done'))}`;
  return String(event);
}

const pairs = (all: readonly string[]): string[] => all.slice(1).map((next, index) => `${all[index]} -> ${next}`);

describe.skipIf(absent).each(ENDPOINTS)('recorded exchanges of $endpoint', ({ provider, endpoint, required }) => {
  const simulator = useSimulator();
  const recorded = absent ? [] : load(provider, endpoint);
  const asked = recorded.filter((exchange) => exchange.request.body !== null && exchange.request.path !== null);
  const replay = ({ request }: Recorded) =>
    post(simulator(), request.path ?? '', request.body, endpoint === 'anthropic.messages' ? ANTHROPIC : {});

  test('every recorded request that was answered is answered', async () => {
    const refused: string[] = [];
    for (const exchange of asked) {
      const answer = await replay(exchange);
      if (answer.status !== 200) refused.push(`${exchange.file}: ${answer.text.slice(0, 200)}`);
    }
    expect(asked.length).toBeGreaterThan(0);
    expect(refused).toEqual([]);
  });

  test('whole answers hold no key that was never seen, and every key that always was', async () => {
    const real = recorded.filter((exchange) => !exchange.stream && !Array.isArray(exchange.response.body));
    const counts = new Map<string, number>();
    for (const exchange of real)
      for (const path of keyPaths(exchange.response.body)) counts.set(path, (counts.get(path) ?? 0) + 1);
    const always = [...counts].filter(([, count]) => count >= real.length * required).map(([path]) => path);
    const unseen = new Set<string>();
    const missing = new Set<string>();
    for (const exchange of asked.filter((one) => !one.stream && !Array.isArray(one.response.body))) {
      const paths = keyPaths((await replay(exchange)).json);
      for (const path of paths) if (!counts.has(path)) unseen.add(path);
      for (const path of always) if (!paths.has(path)) missing.add(path);
    }
    expect([...unseen]).toEqual([]);
    expect([...missing]).toEqual([]);
  });

  test('streams take no step from one kind of event to another that was never seen', async () => {
    const real = recorded.filter((exchange) => exchange.stream);
    const seen = new Set(real.flatMap((exchange) => pairs(steps(exchange.response))));
    const unseen = new Set<string>();
    for (const exchange of asked.filter((one) => one.stream)) {
      const { text } = await replay(exchange);
      const framed = exchange.response.ndjson === undefined ? { sse: text } : { ndjson: text };
      const whole = parseJson(text);
      for (const pair of pairs(steps(Array.isArray(whole) ? { body: whole } : framed)))
        if (!seen.has(pair)) unseen.add(pair);
    }
    expect([...unseen]).toEqual([]);
  });
});
