import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GoogleGenAI } from '@google/genai';
import { type ModelRequest, type ModelResponse, ProviderError, responseEvents } from '@signalbox/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const TEXT: ModelResponse = {
  id: 'answer_1',
  model: 'sample-model',
  parts: [
    { type: 'reasoning', text: 'They greet.' },
    { type: 'text', text: 'Hello there, żółw.' },
  ],
  finish: { reason: 'stop' },
  usage: { inputTokens: 12, outputTokens: 9, reasoningTokens: 4, cacheReadTokens: 3, provenance: 'reported' },
};

const CALLS: ModelResponse = {
  id: 'answer_2',
  model: 'sample-model',
  parts: [
    { type: 'text', text: 'I look.' },
    {
      type: 'tool-call',
      id: 'call_1',
      name: 'get_weather',
      arguments: '{"city":"London"}',
      signature: { issuer: 'google', value: 'c2ln' },
    },
    { type: 'tool-call', id: 'call_2', name: 'get_weather', arguments: '{"city":"Paris"}' },
  ],
  finish: { reason: 'tool-calls' },
  usage: { inputTokens: 20, outputTokens: 10, provenance: 'reported' },
};

/** A gateway in small: reads with the server codec, answers with what `answer` says. */
let answer: ModelResponse | ProviderError = TEXT;
let seen: ModelRequest | undefined;
const server = createServer(async (incoming, outgoing) => {
  const body = await readAll(incoming);
  const path = incoming.url ?? '/';
  const head = gemini.server.scanHead(body, path);
  seen = gemini.server.decodeRequest(JSON.parse(new TextDecoder().decode(body)), path);
  const context = { model: head.model ?? '', createId: () => 'made', now: () => 0 };
  const encoder = gemini.server.createStreamEncoder(context);
  if (head.stream) {
    outgoing.writeHead(200, { 'content-type': gemini.server.streamContentType });
    if (ProviderError.is(answer)) outgoing.write(encoder.error(answer));
    else for (const event of responseEvents(answer)) outgoing.write(encoder.encode(event));
    outgoing.end();
  } else if (ProviderError.is(answer)) {
    const { status, headers, body: error } = gemini.server.encodeError(answer);
    outgoing.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(error));
  } else {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(gemini.server.encodeResponse(answer, context)));
  }
});

async function readAll(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

let google: GoogleGenAI;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  google = new GoogleGenAI({ apiKey: 'sample', httpOptions: { baseUrl: `http://127.0.0.1:${port}` } });
});
beforeEach(() => {
  seen = undefined;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const WEATHER = {
  name: 'get_weather',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } },
};

describe('the official Google library against our server codec', () => {
  it('reads an answer', async () => {
    answer = TEXT;
    const response = await google.models.generateContent({
      model: 'sample-model',
      contents: 'Hello?',
      config: { systemInstruction: 'Be brief.', temperature: 0.5, maxOutputTokens: 100, stopSequences: ['END'] },
    });
    expect(response.text).toBe('Hello there, żółw.');
    expect(response.candidates?.[0]?.finishReason).toBe('STOP');
    expect(response.responseId).toBe('answer_1');
    expect(response.modelVersion).toBe('sample-model');
    expect(response.usageMetadata).toMatchObject({
      promptTokenCount: 12,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 4,
      cachedContentTokenCount: 3,
      totalTokenCount: 21,
    });
    expect(seen).toMatchObject({
      model: 'sample-model',
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }],
      sampling: { temperature: 0.5 },
      maxOutputTokens: 100,
      stopSequences: ['END'],
    });
  });

  it('reads tool calls, and sends their results back to the same calls', async () => {
    answer = CALLS;
    const question = { role: 'user', parts: [{ text: 'London and Paris?' }] };
    const response = await google.models.generateContent({
      model: 'sample-model',
      contents: [question],
      config: { tools: [{ functionDeclarations: [WEATHER] }] },
    });
    expect(response.functionCalls).toEqual([
      { id: 'call_1', name: 'get_weather', args: { city: 'London' } },
      { id: 'call_2', name: 'get_weather', args: { city: 'Paris' } },
    ]);
    const turn = response.candidates?.[0]?.content ?? {};
    answer = TEXT;
    await google.models.generateContent({
      model: 'sample-model',
      contents: [
        question,
        turn,
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'call_1', name: 'get_weather', response: { output: 'Rain' } } },
            { functionResponse: { id: 'call_2', name: 'get_weather', response: { error: 'no such city' } } },
          ],
        },
      ],
    });
    expect(seen?.messages[1]?.parts).toEqual(CALLS.parts);
    expect(seen?.messages[2]?.parts).toEqual([
      { type: 'tool-result', callId: 'call_1', name: 'get_weather', content: [{ type: 'text', text: 'Rain' }] },
      {
        type: 'tool-result',
        callId: 'call_2',
        name: 'get_weather',
        content: [{ type: 'text', text: 'no such city' }],
        isError: true,
      },
    ]);
  });

  it('reads a stream of text', async () => {
    answer = TEXT;
    const stream = await google.models.generateContentStream({ model: 'sample-model', contents: 'Hello?' });
    const texts: string[] = [];
    let last: { finish: string | undefined; total: number | undefined } | undefined;
    for await (const chunk of stream) {
      texts.push(chunk.text ?? '');
      last = { finish: chunk.candidates?.[0]?.finishReason, total: chunk.usageMetadata?.totalTokenCount };
    }
    expect(texts.join('')).toBe('Hello there, żółw.');
    expect(last).toEqual({ finish: 'STOP', total: 21 });
    expect(seen?.stream).toBe(true);
  });

  it('reads a stream with tool calls, whole and signed', async () => {
    answer = CALLS;
    const stream = await google.models.generateContentStream({ model: 'sample-model', contents: 'London and Paris?' });
    const parts = [];
    for await (const chunk of stream) parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
    expect(parts.filter((part) => part.functionCall !== undefined)).toEqual([
      { functionCall: { id: 'call_1', name: 'get_weather', args: { city: 'London' } }, thoughtSignature: 'c2ln' },
      { functionCall: { id: 'call_2', name: 'get_weather', args: { city: 'Paris' } } },
    ]);
  });

  it('throws our errors, in a stream too', async () => {
    answer = new ProviderError({ kind: 'context-length', message: 'The prompt is too long.' });
    const call = { model: 'sample-model', contents: 'Hello?' };
    await expect(google.models.generateContent(call)).rejects.toMatchObject({ status: 400 });
    const read = async () => {
      for await (const _chunk of await google.models.generateContentStream(call));
    };
    await expect(read()).rejects.toThrow('The prompt is too long.');
  });
});
