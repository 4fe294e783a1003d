// A provider that costs next to nothing: it reads a Chat Completions request to its end and writes a prepared answer. The prompt says how
// (load.ts): all at once, an event at a time, or the beginning and the rest when somebody asks for /release.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HELD_ANSWER, PACED_ANSWER } from './load.ts';

const EVENTS = 200;

const whole = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(120).trim() }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 200, completion_tokens: 120, total_tokens: 320 },
  }),
);
const chunk = (fields: object) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o-mini', ...fields })}\n\n`;
const ending = [
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  chunk({ choices: [], usage: { prompt_tokens: 200, completion_tokens: EVENTS, total_tokens: 200 + EVENTS } }),
  'data: [DONE]\n\n',
].join('');
const burst = Buffer.from(
  [
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
    ...Array.from({ length: EVENTS }, (_, index) =>
      chunk({ choices: [{ index: 0, delta: { content: `word${index} ` }, finish_reason: null }] }),
    ),
    ending,
  ].join(''),
);
/** As this house writes it, and as Python does. */
const STREAMS = [Buffer.from('"stream":true'), Buffer.from('"stream": true')];
const PACED = Buffer.from(PACED_ANSWER);
const HELD = Buffer.from(HELD_ANSWER);
const PACED_EVENTS = 50;
const PACE_MS = 5;

/** An event at a time, as a model writes. */
function pace(response: ServerResponse): void {
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    if (sent <= PACED_EVENTS) {
      response.write(chunk({ choices: [{ index: 0, delta: { content: `word${sent} ` }, finish_reason: null }] }));
      return;
    }
    clearInterval(timer);
    response.end(ending);
  }, PACE_MS);
  response.on('close', () => clearInterval(timer));
}

const held = new Set<ServerResponse>();

/** The first word now, the rest when everybody's is released. */
function hold(response: ServerResponse): void {
  response.write(chunk({ choices: [{ index: 0, delta: { content: 'word1 ' }, finish_reason: null }] }));
  held.add(response);
  response.on('close', () => held.delete(response));
}

const server = createServer((request, response) => {
  if (request.url === '/release') {
    for (const one of held) one.end(ending);
    response.end('{}');
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (piece: Buffer) => chunks.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (STREAMS.some((mark) => body.includes(mark))) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (body.includes(PACED)) pace(response);
      else if (body.includes(HELD)) hold(response);
      else response.end(burst);
    } else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
      response.end(whole);
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
