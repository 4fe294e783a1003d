import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

/** Bytes of an answer up to which it is written together with its head. */
const TOGETHER = 8 * 1024;

let answer: Uint8Array = Buffer.alloc(0);
let provider: Server;
let under: GatewayUnderTest;
beforeAll(async () => {
  provider = createServer((incoming, outgoing) => {
    incoming.resume();
    incoming.on('end', () => outgoing.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo;
  under = await startGateway(
    '',
    () => `  openai: { endpoint: "http://127.0.0.1:${port}/v1", api_key: sk-x, models: [any] }`,
  );
});
afterAll(async () => {
  await under.close();
  provider.closeAllConnections();
  provider.close();
});

/** What a provider answers with a text, in so many bytes: blanks between two members make up for what is lacking. */
function answerOf(content: string, bytes = 0): Buffer {
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  const json = JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'any', choices, usage });
  const lacking = Math.max(0, bytes - Buffer.byteLength(json));
  return Buffer.from(`{${' '.repeat(lacking)}${json.slice(1)}`);
}

async function ask(): Promise<{ readonly length: string | undefined; readonly body: Buffer }> {
  const body = JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'hi' }] });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const sent = request(`${under.gateway.url}/v1/chat/completions`, { method: 'POST', headers });
  sent.end(body);
  const [incoming] = (await once(sent, 'response')) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  expect(incoming.statusCode).toBe(200);
  return { length: incoming.headers['content-length'], body: Buffer.concat(pieces) };
}

describe('a whole answer is passed on byte by byte', () => {
  it.each([
    ['in letters', answerOf('Hello')],
    ['in characters of two, three and four bytes', answerOf('é ß 漢字 🦊 \u2028')],
    ['with every character up to U+00FF', answerOf(String.fromCharCode(...Array.from({ length: 256 }, (_, at) => at)))],
    ['as large as is written together with its head', answerOf('é', TOGETHER)],
    ['a byte larger', answerOf('é', TOGETHER + 1)],
    ['of 100 KB', answerOf('漢'.repeat(30_000), 100_000)],
  ])('%s', async (_what, given) => {
    answer = given;
    const { length, body } = await ask();
    expect(body.equals(given)).toBe(true);
    expect(length).toBe(String(given.length));
  });
});
