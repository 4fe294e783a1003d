// The floor: node:http in, undici out, bytes passed on. No routing, no accounting, nothing read. Plain JavaScript: Node's own handling of types would
// count as its memory and its start otherwise.
import { createServer } from 'node:http';
import { Agent } from 'undici';

const [, , origin = '', port = '0'] = process.argv;
const agent = new Agent({ pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (piece) => chunks.push(piece));
  request.on('end', async () => {
    const answer = await agent.request({
      origin,
      path: request.url ?? '/',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
    for await (const piece of answer.body) response.write(piece);
    response.end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
