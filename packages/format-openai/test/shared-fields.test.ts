import type { EncodeContext } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { openaiChat, openaiResponses } from '../src/index.ts';

const CONTEXT: EncodeContext = { model: 'm', stream: false, provider: 'openai', quirks: {} };
const SHARED = {
  metadata: { project: 'moon' },
  store: true,
  user: 'older',
  safety_identifier: 'newer',
  prompt_cache_retention: '24h',
  prompt_cache_key: 'key',
};
const OPTIONS = { mode: 'explicit', ttl: '30m' };

describe("the fields that both of OpenAI's formats have", () => {
  it('go from Responses to Chat Completions, without what Responses alone has', () => {
    const asked = { input: 'Hi', ...SHARED, prompt_cache_options: { ...OPTIONS, prewarm: true } };
    const request = openaiResponses.server.decodeRequest(asked, '/responses');
    const { body, notes } = openaiChat.client.encodeRequest(request, CONTEXT);
    expect(body).toMatchObject({ ...SHARED, prompt_cache_options: OPTIONS });
    expect(body.prompt_cache_options).not.toHaveProperty('prewarm');
    expect(notes.filter(({ action }) => action === 'dropped')).toMatchObject([
      { field: 'extensions.openai-responses.prompt_cache_options.prewarm' },
    ]);
  });

  it('go from Chat Completions to Responses', () => {
    const asked = { messages: [{ role: 'user', content: 'Hi' }], ...SHARED, prompt_cache_options: OPTIONS };
    const request = openaiChat.server.decodeRequest(asked, '/chat/completions');
    const { body, notes } = openaiResponses.client.encodeRequest(request, CONTEXT);
    expect(body).toMatchObject({ ...SHARED, prompt_cache_options: OPTIONS });
    expect(notes.filter(({ action }) => action !== 'mapped')).toEqual([]);
  });

  it('say nothing of storing where nothing is to be stored', () => {
    const request = openaiResponses.server.decodeRequest({ input: 'Hi', store: false }, '/responses');
    const { body, notes } = openaiChat.client.encodeRequest(request, CONTEXT);
    expect(body).not.toHaveProperty('store');
    expect(notes).toEqual([]);
  });
});
