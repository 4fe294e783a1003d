import { parseJson } from '@signalbox/core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../src/index.ts';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined where it is not JSON. */
  readonly json: unknown;
}

export interface StreamedEvent {
  readonly event?: string | undefined;
  readonly data: string;
  readonly json: unknown;
}

/** One simulator for a test file, emptied after each test. */
export function useSimulator(options: SimulatorOptions = {}): () => Simulator {
  let simulator: Simulator | undefined;
  beforeAll(async () => {
    simulator = await startSimulator(options);
  });
  afterEach(() => simulator?.reset());
  afterAll(() => simulator?.close());
  return () => {
    if (!simulator) throw new Error('the simulator has not started');
    return simulator;
  };
}

export const ANTHROPIC = { 'anthropic-version': '2023-06-01' };

export async function post(
  simulator: Simulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await open(simulator, path, body, headers);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseJson(text) };
}

/** The answer before its body is read. */
export function open(
  simulator: Simulator,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(simulator.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'manual',
    signal: signal ?? null,
  });
}

/** The events of a body of server-sent events. Comments are left out. */
export function events(text: string): StreamedEvent[] {
  return text
    .split(/\r?\n\r?\n/)
    .filter((block) => /^data:/m.test(block))
    .map((block) => {
      const data = /^data: ?(.*)$/m.exec(block)?.[1] ?? '';
      return { event: /^event: ?(.*)$/m.exec(block)?.[1], data, json: parseJson(data) };
    });
}

/** The lines of a body of NDJSON. */
export function lines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseJson(line));
}

/** What stands at a path in parsed JSON: `at(json, 'choices', 0, 'message')`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);
}

/** What one endpoint is asked, and where the text of its answer stands. */
export interface Dialect {
  readonly name: string;
  readonly path: (stream: boolean) => string;
  readonly headers: Record<string, string>;
  readonly body: (prompt: string, stream: boolean) => Record<string, unknown>;
  readonly textOf: (json: unknown) => unknown;
  /** The text of a streamed body, joined. */
  readonly streamText: (text: string) => string;
}

const joined = (parts: readonly unknown[]): string => parts.filter((part) => typeof part === 'string').join('');

/** The same question in every format: what is true of all is tested on all. */
export const DIALECTS: readonly Dialect[] = [
  {
    name: 'Anthropic Messages',
    path: () => '/v1/messages',
    headers: ANTHROPIC,
    body: (prompt, stream) => ({
      model: 'claude-sonnet-4-5',
      max_tokens: 1000,
      stream,
      messages: [{ role: 'user', content: prompt }],
    }),
    textOf: (json) => at(json, 'content', 0, 'text'),
    streamText: (text) => joined(events(text).map((event) => at(event.json, 'delta', 'text'))),
  },
  {
    name: 'Chat Completions',
    path: () => '/v1/chat/completions',
    headers: {},
    body: (prompt, stream) => ({ model: 'gpt-5', stream, messages: [{ role: 'user', content: prompt }] }),
    textOf: (json) => at(json, 'choices', 0, 'message', 'content'),
    streamText: (text) => joined(events(text).map((event) => at(event.json, 'choices', 0, 'delta', 'content'))),
  },
  {
    name: 'Responses',
    path: () => '/v1/responses',
    headers: {},
    body: (prompt, stream) => ({ model: 'gpt-5', stream, input: prompt }),
    textOf: (json) => at(json, 'output', 0, 'content', 0, 'text'),
    streamText: (text) =>
      joined(
        events(text)
          .filter((event) => event.event === 'response.output_text.delta')
          .map((event) => at(event.json, 'delta')),
      ),
  },
  {
    name: 'Gemini',
    path: (stream) => `/v1beta/models/gemini-2.5-flash:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: {},
    body: (prompt) => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
    textOf: (json) => at(json, 'candidates', 0, 'content', 'parts', 0, 'text'),
    streamText: (text) =>
      joined(events(text).map((event) => at(event.json, 'candidates', 0, 'content', 'parts', 0, 'text'))),
  },
  {
    name: 'Ollama chat',
    path: () => '/api/chat',
    headers: {},
    body: (prompt, stream) => ({ model: 'llama3.2', stream, messages: [{ role: 'user', content: prompt }] }),
    textOf: (json) => at(json, 'message', 'content'),
    streamText: (text) => joined(lines(text).map((line) => at(line, 'message', 'content'))),
  },
  {
    name: 'Ollama generate',
    path: () => '/api/generate',
    headers: {},
    body: (prompt, stream) => ({ model: 'llama3.2', stream, prompt }),
    textOf: (json) => at(json, 'response'),
    streamText: (text) => joined(lines(text).map((line) => at(line, 'response'))),
  },
];
