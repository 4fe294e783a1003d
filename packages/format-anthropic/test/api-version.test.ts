import type { JsonObject, ModelRequest, Part } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const { client, server } = anthropicMessages;
const OLDER = '2023-06-01';
const NEWER = '2026-10-21';
const MESSAGES = [{ role: 'user', content: 'Hello?' }];
const DOCUMENT = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A page.' } };
const CITATION = { type: 'char_location', cited_text: 'A', document_index: 0, start_char_index: 0, end_char_index: 1 };

function decode(body: JsonObject, headers: Record<string, string> = {}) {
  return server.decodeRequest({ model: 'm', max_tokens: 10, messages: MESSAGES, ...body }, '/v1/messages', headers);
}

function encode(request: ModelRequest, quirks = {}) {
  const context = { model: 'claude-x', stream: false, provider: 'anthropic', quirks, maxOutput: 100 };
  return client.encodeRequest(request, context);
}

describe('what a caller of 2026-10-21 may not send', () => {
  it.each([
    ['temperature', { temperature: 1 }],
    ['top_p', { top_p: 1 }],
    ['top_k', { top_k: 40 }],
    ['messages.1.content.0', { messages: [...MESSAGES, { role: 'assistant', content: [DOCUMENT] }] }],
    [
      'messages.0.content.0.citations',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'A', citations: [CITATION] }] }] },
    ],
  ])('%s: refused with its name, and taken under the older version', (field, body) => {
    expect(() => decode(body, { 'anthropic-version': NEWER })).toThrow(field);
    expect(() => decode(body, { 'anthropic-version': '2027-01-01' })).toThrow(field);
    expect(() => decode(body, { 'anthropic-version': OLDER })).not.toThrow();
    expect(() => decode(body)).not.toThrow();
  });

  it('but documents and empty citations of the user', () => {
    const content = [DOCUMENT, { type: 'text', text: 'A', citations: [] }];
    expect(() => decode({ messages: [{ role: 'user', content }] }, { 'anthropic-version': NEWER })).not.toThrow();
  });
});

describe('the version that is sent', () => {
  it('is the caller’s own, with the caller’s betas and those that a field needs', () => {
    const callers = { 'anthropic-version': NEWER, 'anthropic-beta': 'interleaved-thinking-2025-05-14, x-1' };
    const { headers, notes } = encode(decode({ speed: 'fast' }, callers));
    expect(headers).toEqual({
      'anthropic-version': NEWER,
      'anthropic-beta': 'interleaved-thinking-2025-05-14,x-1,fast-mode-2026-02-01',
    });
    expect(notes).toEqual([]);
  });

  it('is the older one for callers of other formats, unless the endpoint wants another', () => {
    const request = decode({});
    expect(encode(request).headers['anthropic-version']).toBe(OLDER);
    expect(encode(request, { apiVersion: NEWER }).headers['anthropic-version']).toBe(NEWER);
    const newer = decode({}, { 'anthropic-version': NEWER });
    expect(encode(newer, { apiVersion: OLDER }).headers['anthropic-version']).toBe(OLDER);
  });

  it('goes with a count as well', () => {
    const context = { model: 'claude-x', stream: false, provider: 'anthropic', quirks: { apiVersion: NEWER } };
    const { headers, body } = anthropicMessages.tokenCounting?.encodeRequest(decode({}), context) ?? {};
    expect(headers?.['anthropic-version']).toBe(NEWER);
    expect(body).not.toHaveProperty('max_tokens');
  });
});

describe('a request for an endpoint of 2026-10-21', () => {
  const page: Part = { type: 'document', source: { kind: 'text', text: 'A page.' } };
  const cited: Part = { type: 'text', text: 'A', extensions: { 'anthropic-messages': { citations: [CITATION] } } };
  const request: ModelRequest = {
    system: [],
    messages: [
      { role: 'user', parts: [cited] },
      { role: 'assistant', parts: [page, cited] },
      { role: 'user', parts: [page] },
    ],
    sampling: { temperature: 0.5, topP: 0.9, topK: 5 },
  };

  it('leaves out what that version refuses, and says so', () => {
    const { body, notes } = encode(request, { apiVersion: NEWER });
    for (const field of ['temperature', 'top_p', 'top_k']) expect(body).not.toHaveProperty(field);
    expect(body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'A' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: '[document left out]' },
          { type: 'text', text: 'A', citations: [CITATION] },
        ],
      },
      { role: 'user', content: [DOCUMENT] },
    ]);
    expect(notes.filter(({ action }) => action === 'dropped').map(({ field }) => field)).toEqual([
      'messages[0].parts[0].extensions.anthropic-messages.citations',
      'messages[1].parts[0]',
      'sampling.temperature',
      'sampling.topP',
      'sampling.topK',
    ]);
  });

  it('is one that a caller of that version may send', () => {
    const { body, headers } = encode(request, { apiVersion: NEWER });
    expect(() => server.decodeRequest(body, '/v1/messages', headers)).not.toThrow();
  });

  it('keeps all of it under the older version', () => {
    const { body } = encode(request);
    expect(JSON.stringify(body)).toContain('"temperature":0.5');
    expect(JSON.stringify(body).match(/citations/g)).toHaveLength(2);
  });
});

describe('errors of 2026-10-21', () => {
  it('are known by their code', () => {
    const body = {
      type: 'error',
      error: { type: 'billing_error', message: 'No.', details: { error_code: 'contract_spend_limit_reached' } },
    };
    expect(client.decodeError(402, {}, body)).toMatchObject({ kind: 'quota', code: 'contract_spend_limit_reached' });
  });
});
