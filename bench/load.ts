import { Pool } from 'undici';

/** A kind of request, sent many times. */
export interface Workload {
  readonly name: string;
  /** The same for all, or one after the other, so that no request is like the one before. */
  readonly body: string | readonly string[];
  /** Of a round. */
  readonly requests: number;
  /** Sent before the first round: until then a program pays for its own compilation, and one with more code pays more. */
  readonly warmUp?: number;
  /** Words near the end of a complete answer, where it is not the end of Chat Completions that tells. */
  readonly last?: string;
  /** How many connections ask at once. Default 32. */
  readonly connections?: number;
}

type Headers = Readonly<Record<string, string>>;

/** Where a load goes that is not meant for a program without keys. */
export interface LoadOptions {
  /** Default `/v1/chat/completions`. */
  readonly path?: string;
  /** Besides the type of the content: the same for all, or by the number of the request. */
  readonly headers?: Headers | ((request: number) => Headers);
  /** Milliseconds after which no further request begins. */
  readonly limitMs?: number;
}

/** What a prompt says for the bench's provider to spread the events of its answer over time. */
export const PACED_ANSWER = 'Take your time.';
/** What a prompt says for it to begin, and to wait for `GET /release` with the rest. */
export const HELD_ANSWER = 'Wait for the signal.';

const message = (bytes: number, stream: boolean, paced = false) =>
  JSON.stringify({
    model: 'gpt-4o-mini',
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    messages: [
      { role: 'system', content: paced ? PACED_ANSWER : 'You are terse.' },
      { role: 'user', content: 'Explain this file. '.repeat(Math.ceil(bytes / 19)).slice(0, bytes) },
    ],
  });

export const WORKLOADS: readonly Workload[] = [
  { name: '1 KB, whole answer', body: message(900, false), requests: 3_000, warmUp: 18_000 },
  { name: '100 KB, whole answer', body: message(100_000, false), requests: 1_000, warmUp: 2_000 },
  { name: '1 MB, whole answer', body: message(1_000_000, false), requests: 150, warmUp: 300 },
  { name: '1 KB, burst of 200 events', body: message(900, true), requests: 1_500, warmUp: 9_000 },
  { name: '1 KB, 50 events, 5 ms apart', body: message(900, true, true), requests: 300, warmUp: 600 },
];

const CONNECTIONS = 32;
/** Nobody waits longer for a word of an answer. */
const PATIENCE_MS = 30_000;

/**
 * Sends a workload and reads every answer to its end: so many requests, or as many as begin in time.
 *
 * @returns how many were answered
 * @throws Error on any answer that is not 200 or is not complete
 */
export async function runLoad(url: string, workload: Workload, options: LoadOptions = {}): Promise<number> {
  const { path = '/v1/chat/completions', headers, limitMs = Number.POSITIVE_INFINITY } = options;
  const { connections = CONNECTIONS, body, last } = workload;
  const pool = new Pool(url, { connections, pipelining: 1, headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  const ends = performance.now() + limitMs;
  let begun = 0;
  const bodies = typeof body === 'string' ? [body] : body;
  const worker = async () => {
    while (begun < workload.requests && (begun === 0 || performance.now() < ends)) {
      begun += 1;
      const answer = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(typeof headers === 'function' ? headers(begun) : headers) },
        body: bodies[begun % bodies.length] ?? '',
      });
      const text = await answer.body.text();
      const complete = last === undefined ? text.endsWith('[DONE]\n\n') || text.endsWith('}') : text.includes(last);
      if (answer.statusCode !== 200 || !complete) {
        throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 200)}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, worker));
  } finally {
    await pool.destroy();
  }
  return begun;
}
