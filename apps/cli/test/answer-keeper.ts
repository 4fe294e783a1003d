import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const USAGE = { input_tokens: 1_000, output_tokens: 500, total_tokens: 1_500 };
const OUTPUT = [
  {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Far.', annotations: [] }],
  },
];

/** A provider that keeps responses, as OpenAI's reference describes it. */
export interface AnswerKeeper {
  readonly url: string;
  readonly arrived: readonly { readonly call: string; readonly key: string }[];
  /** By id, whether it is over. */
  readonly kept: Map<string, boolean>;
  /** An answer that was made in the background is there. */
  end(id: string): void;
  close(): Promise<void>;
}

export async function startAnswerKeeper(): Promise<AnswerKeeper> {
  const arrived: { call: string; key: string }[] = [];
  const kept = new Map<string, boolean>();
  let made = 0;

  const shown = (id: string) => ({
    id,
    object: 'response',
    created_at: 1,
    model: 'gpt-5-mini-2025-08-07',
    status: kept.get(id) === true ? 'completed' : 'queued',
    usage: kept.get(id) === true ? USAGE : null,
    output: kept.get(id) === true ? OUTPUT : [],
  });

  function answer({ method, url = '', headers }: IncomingMessage, text: string, response: ServerResponse): void {
    arrived.push({ call: `${method} ${url}`, key: headers.authorization?.slice('Bearer '.length) ?? '' });
    const [, id = ''] = /\/responses\/([^/?]+)/.exec(url) ?? [];
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const wanted = id === '' ? body.previous_response_id : id;
    if (typeof wanted === 'string' && !kept.has(wanted)) {
      const message = `Response with id '${wanted}' not found.`;
      json(response, id === '' ? 400 : 404, { error: { message, type: 'invalid_request_error', param: null } });
    } else if (method === 'DELETE') {
      kept.delete(id);
      json(response, 200, { id, object: 'response', deleted: true });
    } else if (id !== '') {
      json(response, 200, shown(id));
    } else {
      made += 1;
      kept.set(`resp_${made}`, body.background !== true);
      if (body.stream === true) events(response, shown(`resp_${made}`));
      else json(response, 200, shown(`resp_${made}`));
    }
  }

  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString('utf8'), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    kept,
    end: (id) => void kept.set(id, true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function events(response: ServerResponse, whole: { readonly id: string }): void {
  const place = { output_index: 0, content_index: 0, item_id: 'msg_1' };
  const all: readonly (readonly [string, object])[] = [
    ['response.created', { response: { ...whole, status: 'in_progress', usage: null, output: [] } }],
    ['response.output_item.added', { output_index: 0, item: { ...OUTPUT[0], content: [], status: 'in_progress' } }],
    ['response.content_part.added', { ...place, part: { type: 'output_text', text: '', annotations: [] } }],
    ['response.output_text.delta', { ...place, delta: 'Far.' }],
    ['response.output_text.done', { ...place, text: 'Far.' }],
    ['response.output_item.done', { output_index: 0, item: OUTPUT[0] }],
    ['response.completed', { response: whole }],
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [index, [type, event]] of all.entries())
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: index, ...event })}\n\n`);
  response.end();
}
