import { Pool } from 'undici';

/** A kind of request, sent many times. */
export interface Workload {
  readonly name: string;
  readonly body: string;
  readonly requests: number;
}

/** `paced`: the bench's provider spreads the events of the answer over time. */
const message = (bytes: number, stream: boolean, paced = false) =>
  JSON.stringify({
    ...(paced ? { metadata: { paced: 'true' } } : {}),
    model: 'gpt-4o-mini',
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    messages: [
      { role: 'system', content: 'You are terse.' },
      { role: 'user', content: 'Explain this file. '.repeat(Math.ceil(bytes / 19)).slice(0, bytes) },
    ],
  });

export const WORKLOADS: readonly Workload[] = [
  { name: '1 KB, whole answer', body: message(900, false), requests: 3_000 },
  { name: '100 KB, whole answer', body: message(100_000, false), requests: 1_000 },
  { name: '1 MB, whole answer', body: message(1_000_000, false), requests: 150 },
  { name: '1 KB, burst of 200 events', body: message(900, true), requests: 1_500 },
  { name: '1 KB, 50 events, 5 ms apart', body: message(900, true, true), requests: 300 },
];

const CONNECTIONS = 32;

/** Sends a workload and reads every answer to its end. Throws on any answer that is not 200 or is not complete. */
export async function runLoad(url: string, workload: Workload): Promise<void> {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  let left = workload.requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await pool.request({
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: workload.body,
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200 || !(text.endsWith('[DONE]\n\n') || text.endsWith('}'))) {
        throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 200)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  await pool.close();
}
