import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ModelResponse, ProviderError, responseEvents, type StreamEvent } from '@signalbox/core';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openaiResponses } from '../../src/index.ts';

const { server } = openaiResponses;
const finish = { reason: 'stop' } as const;
const usage = { inputTokens: 20, outputTokens: 9, reasoningTokens: 4, provenance: 'reported' } as const;

/** What the server answers, by the text of the request. */
const ANSWERS: Readonly<Record<string, ModelResponse>> = {
  text: { parts: [{ type: 'text', text: 'Hello there, you.' }], finish, usage },
  tools: {
    parts: [
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', id: 'call_1', name: 'get_weather', arguments: '{"city":"London"}' },
      { type: 'tool-call', id: 'call_2', name: 'now', arguments: '' },
      { type: 'tool-call', id: 'call_3', name: 'exec', arguments: 'ls -l', kind: 'custom' },
    ],
    finish: { reason: 'tool-calls' },
    usage,
  },
  reasoning: {
    parts: [
      { type: 'reasoning', text: 'Two and two.', encrypted: { issuer: 'openai-responses:p', value: 'c2VjcmV0' } },
      { type: 'text', text: 'Four.' },
    ],
    finish,
    usage,
  },
  refusal: { parts: [{ type: 'text', text: 'I will not.', refusal: true }], finish: { reason: 'refusal' }, usage },
  length: { parts: [{ type: 'text', text: 'Once upon a' }], finish: { reason: 'length' }, usage },
  mixed: {
    parts: [
      { type: 'text', text: 'One. ' },
      { type: 'text', text: 'Two. ' },
      {
        type: 'opaque',
        format: 'openai-responses',
        value: { id: 'ws_1', type: 'web_search_call', status: 'completed' },
      },
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Three.' },
    ],
    finish,
    usage,
  },
};

async function readBody(message: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString('utf8'));
}

function serverContext() {
  let count = 0;
  const createId = () => {
    count += 1;
    return `made${count}`;
  };
  return { model: 'a-model', createId, now: () => 1_760_000_000_000 };
}

/** Texts and arguments in pieces. */
function* inPieces(response: ModelResponse): Generator<StreamEvent> {
  for (const event of responseEvents(response)) {
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') {
      for (const text of event.text.match(/.{1,4}/gs) ?? []) yield { ...event, text };
    } else if (event.type === 'tool-call-delta') {
      for (const text of event.arguments.match(/.{1,4}/gs) ?? []) yield { ...event, arguments: text };
    } else yield event;
  }
}

function listen(): Promise<Server> {
  const listening = createServer((message, reply) => {
    void readBody(message).then((body) => {
      const request = server.decodeRequest(body, message.url ?? '');
      const [part] = request.messages[0]?.parts ?? [];
      const wanted = part?.type === 'text' ? part.text : '';
      const overloaded = new ProviderError({ kind: 'overloaded', message: 'Too much to do.' });
      const response = ANSWERS[wanted];
      if (wanted === 'refused' || (response === undefined && wanted !== 'broken')) {
        const { status, headers, body: error } = server.encodeError(overloaded);
        reply.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(error));
      } else if (request.stream !== true) {
        const answer = server.encodeResponse(response ?? { parts: [], finish }, serverContext());
        reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      } else {
        reply.writeHead(200, { 'content-type': server.streamContentType });
        const encoder = server.createStreamEncoder(serverContext());
        for (const event of inPieces(response ?? { parts: [{ type: 'text', text: 'Half of it' }], finish })) {
          if (response === undefined && event.type === 'finish') break;
          reply.write(encoder.encode(event));
        }
        reply.end(response === undefined ? encoder.error(overloaded) : '');
      }
    });
  });
  return new Promise((resolve) => {
    listening.listen(0, '127.0.0.1', () => resolve(listening));
  });
}

describe('the official OpenAI client', () => {
  let listening: Server;
  let client: OpenAI;
  beforeAll(async () => {
    listening = await listen();
    const { port } = listening.address() as AddressInfo;
    client = new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
  });
  afterAll(() => {
    listening.closeAllConnections();
    listening.close();
  });

  test.each(Object.keys(ANSWERS))('reads the answer and the stream “%s” alike', async (input) => {
    const whole = await client.responses.create({ model: 'm', input });
    const stream = client.responses.stream({ model: 'm', input });
    const types: string[] = [];
    const numbers: number[] = [];
    for await (const event of stream) {
      types.push(event.type);
      numbers.push(event.sequence_number);
    }
    const streamed = await stream.finalResponse();
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
    const text = (ANSWERS[input]?.parts ?? []).map((part) => (part.type === 'text' && !part.refusal ? part.text : ''));
    expect(whole.output_text).toBe(text.join(''));
    expect(streamed.output_text).toBe(whole.output_text);
    expect(streamed.status).toBe(input === 'length' ? 'incomplete' : 'completed');
    expect(streamed.usage).toEqual(whole.usage);
    expect(streamed.output).toMatchObject(whole.output.map(({ id: _id, ...item }) => item));
    expect(streamed.output.map(({ type }) => type)).toEqual(whole.output.map(({ type }) => type));
  });

  test('accumulates what the raw events say to the response at the end', async () => {
    const stream = await client.responses.create({ model: 'm', input: 'tools', stream: true });
    const pieces = new Map<number, string>();
    const done = new Map<number, unknown>();
    let last: unknown;
    for await (const event of stream) {
      if (
        event.type === 'response.function_call_arguments.delta' ||
        event.type === 'response.custom_tool_call_input.delta'
      ) {
        pieces.set(event.output_index, (pieces.get(event.output_index) ?? '') + event.delta);
      } else if (event.type === 'response.output_item.done') done.set(event.output_index, event.item);
      else if (event.type === 'response.completed') last = event.response.output;
    }
    expect(Object.fromEntries(pieces)).toEqual({ 1: '{"city":"London"}', 2: '{}', 3: 'ls -l' });
    expect(last).toEqual([...done].toSorted(([one], [other]) => one - other).map(([, item]) => item));
  });

  test('throws where a stream breaks, after the text that came', async () => {
    const stream = await client.responses.create({ model: 'm', input: 'broken', stream: true });
    let text = '';
    const read = async () => {
      for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
    };
    await expect(read()).rejects.toThrow('Too much to do.');
    expect(text).toBe('Half of it');
    await expect(client.responses.stream({ model: 'm', input: 'broken' }).finalResponse()).rejects.toThrow(
      'Too much to do.',
    );
  });

  test('throws its own kind of error for an error answer', async () => {
    await expect(client.responses.create({ model: 'm', input: 'refused' })).rejects.toMatchObject({
      status: 503,
      code: 'overloaded',
      type: 'server_error',
    });
  });
});
