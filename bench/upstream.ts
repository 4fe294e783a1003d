// A provider that costs next to nothing: it reads a Chat Completions request to its end and writes a prepared answer.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

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
const burst = Buffer.from(
  [
    chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
    ...Array.from({ length: EVENTS }, (_, index) =>
      chunk({ choices: [{ index: 0, delta: { content: `word${index} ` }, finish_reason: null }] }),
    ),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    chunk({ choices: [], usage: { prompt_tokens: 200, completion_tokens: EVENTS, total_tokens: 200 + EVENTS } }),
    'data: [DONE]\n\n',
  ].join(''),
);
const STREAMS = Buffer.from('"stream":true');

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (piece: Buffer) => chunks.push(piece));
  request.on('end', () => {
    if (Buffer.concat(chunks).includes(STREAMS)) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(burst);
    } else {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
      response.end(whole);
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
