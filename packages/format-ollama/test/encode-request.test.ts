import type { EncodeContext, ModelRequest, Part, TranslationNote } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

const context: EncodeContext = { model: 'mistral:7b', stream: true, provider: 'local', quirks: {} };
const question: ModelRequest = { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }] };
const now = { type: 'function', name: 'now' } as const;

function encode(more: Partial<ModelRequest>, where: EncodeContext = context) {
  return ollamaChat.client.encodeRequest({ ...question, ...more }, where);
}

function messageOf(role: 'user' | 'assistant', parts: readonly Part[]) {
  const { body, notes } = encode({ messages: [{ role, parts }] });
  return { messages: body.messages, notes };
}

const actions = (notes: readonly TranslationNote[]) => notes.map((note) => `${note.action} ${note.field}`);

describe('a request to Ollama', () => {
  it('goes to /api/chat, says whether it streams, and must not be cut in silence', () => {
    expect(encode({})).toEqual({
      path: '/api/chat',
      headers: {},
      body: {
        model: 'mistral:7b',
        messages: [{ role: 'user', content: 'Hello?' }],
        stream: true,
        truncate: false,
      },
      notes: [],
    });
    expect(encode({}, { ...context, stream: false }).body.stream).toBe(false);
  });

  it('leaves cutting to Ollama where the caller speaks its format or asks for it', () => {
    expect(encode({ extensions: { 'ollama-chat': {} } }).body).not.toHaveProperty('truncate');
    expect(encode({ providerOptions: { local: { truncate: true } } }).body.truncate).toBe(true);
  });

  it('puts system messages where they stood', () => {
    const { body } = encode({
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [...question.messages, { role: 'system', parts: [{ type: 'text', text: 'Now in Polish.' }] }],
    });
    expect(body.messages).toEqual([
      { role: 'system', content: 'Be brief.\n\nBe kind.' },
      { role: 'user', content: 'Hello?' },
      { role: 'system', content: 'Now in Polish.' },
    ]);
  });

  it('has its sampling and limits under options', () => {
    const { body } = encode({
      sampling: {
        temperature: 0,
        topP: 0.9,
        topK: 40,
        minP: 0.05,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        seed: 7,
      },
      maxOutputTokens: 100,
      stopSequences: ['END'],
    });
    expect(body.options).toEqual({
      temperature: 0,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.05,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      seed: 7,
      num_predict: 100,
      stop: ['END'],
    });
  });

  it('takes the context window from the quirk, and from the caller before that', () => {
    const where = { ...context, quirks: { contextWindow: 8192 } };
    expect(encode({}, where).body.options).toEqual({ num_ctx: 8192 });
    expect(encode({ extensions: { 'ollama-chat': { options: { num_ctx: 100 } } } }, where).body.options).toEqual({
      num_ctx: 100,
    });
  });

  it('lays extensions and provider options over, deep', () => {
    const { body } = encode({
      maxOutputTokens: 5,
      extensions: { 'ollama-chat': { keep_alive: '5m', options: { num_gpu: 1 } } },
      providerOptions: { local: { options: { mirostat: 2 } }, other: { secret: true } },
    });
    expect(body.keep_alive).toBe('5m');
    expect(body.options).toEqual({ num_predict: 5, num_gpu: 1, mirostat: 2 });
    expect(body).not.toHaveProperty('secret');
  });

  it('asks for JSON or for a schema', () => {
    expect(encode({ output: { type: 'json' } }).body.format).toBe('json');
    const { body, notes } = encode({
      output: { type: 'json-schema', schema: { type: 'object' }, name: 'person', strict: true },
    });
    expect(body.format).toEqual({ type: 'object', title: 'person' });
    expect(actions(notes)).toEqual(['mapped output.strict', 'mapped output.name']);
  });

  it('reports what Ollama has no place for', () => {
    const { body, notes } = encode({
      candidateCount: 2,
      parallelToolCalls: false,
      userId: 'u',
      promptCacheKey: 'k',
      serviceTier: 'flex',
      extensions: { 'openai-chat': { metadata: { a: 'b' } } },
      system: [{ type: 'text', text: 'S', cache: {} }],
      messages: [{ role: 'user', name: 'Ann', parts: [{ type: 'text', text: 'Hi', cache: { ttl: '1h' } }] }],
      tools: [{ ...now, strict: true, cache: {} }],
    });
    expect(Object.keys(body)).toEqual(['model', 'messages', 'stream', 'tools', 'truncate']);
    expect(actions(notes)).toEqual([
      'approximated system[0].cache',
      'dropped messages[0].name',
      'approximated messages[0].parts[0].cache',
      'dropped tools[0].strict',
      'approximated tools[0].cache',
      'dropped candidateCount',
      'dropped parallelToolCalls',
      'approximated userId',
      'approximated promptCacheKey',
      'dropped serviceTier',
      'dropped extensions.openai-chat.metadata',
    ]);
  });
});

describe('images and documents', () => {
  const png = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } } as const;

  it('stand beside the text; their place is reported only where it could matter', () => {
    const one = messageOf('user', [png, { type: 'text', text: 'What is this?' }]);
    expect(one.messages).toEqual([{ role: 'user', content: 'What is this?', images: ['iVBORw0KGgo='] }]);
    expect(one.notes).toEqual([]);
    const two = messageOf('user', [{ type: 'text', text: 'This' }, png, { type: 'text', text: 'and that' }]);
    expect(two.messages).toEqual([{ role: 'user', content: 'This\n\nand that', images: ['iVBORw0KGgo='] }]);
    expect(actions(two.notes)).toEqual(['approximated messages[0]']);
  });

  it('are replaced by a line of text where Ollama would have to fetch them', () => {
    const { messages, notes } = messageOf('user', [
      { type: 'image', source: { kind: 'url', url: 'https://host/a.png' } },
      { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } },
    ]);
    expect(messages).toEqual([{ role: 'user', content: '[An image was left out.]\n\n[A document was left out.]' }]);
    expect(actions(notes)).toEqual(['dropped messages[0].parts[0]', 'dropped messages[0].parts[1]']);
  });

  it('are inline text where they are text', () => {
    const { messages, notes } = messageOf('user', [
      { type: 'document', title: 'notes.txt', source: { kind: 'text', text: 'One.' } },
    ]);
    expect(messages).toEqual([{ role: 'user', content: 'notes.txt\n\nOne.' }]);
    expect(actions(notes)).toEqual(['mapped messages[0].parts[0]']);
  });
});
