import { describe, expect, it } from 'vitest';
import type { EncodeContext, ModelResponse } from '../packages/core/src/index.ts';
import { gemini } from '../packages/format-gemini/src/index.ts';
import { openaiChat } from '../packages/format-openai/src/index.ts';
import { serverContext } from '../wire-pack/stream.ts';

const CONTEXT: EncodeContext = { model: 'm', stream: false, provider: 'some-provider', quirks: {} };
const messages = [{ role: 'user', content: 'Sing.' }];
const contents = [{ role: 'user', parts: [{ text: 'Sing.' }] }];
const PATH = '/v1beta/models/m:generateContent';

describe('what an answer may consist of', () => {
  it('goes from Chat Completions to Google; the voice is told to be lost', () => {
    const asked = { messages, modalities: ['text', 'audio'], audio: { voice: 'ash', format: 'wav' } };
    const request = openaiChat.server.decodeRequest(asked, '/chat/completions');
    const { body, notes } = gemini.client.encodeRequest(request, CONTEXT);
    expect(body.generationConfig).toEqual({ responseModalities: ['TEXT', 'AUDIO'] });
    expect(notes).toMatchObject([{ field: 'extensions.openai-chat.audio', action: 'dropped' }]);
    expect(openaiChat.client.encodeRequest(request, CONTEXT).body).toMatchObject(asked);
  });

  it.each([
    [false, 'wav'],
    [true, 'pcm16'],
  ])('goes from Google to Chat Completions, which wants a voice named (stream: %s)', (stream, format) => {
    const asked = { contents, generationConfig: { responseModalities: ['AUDIO'] } };
    const request = gemini.server.decodeRequest(asked, PATH);
    const { body, notes } = openaiChat.client.encodeRequest(request, { ...CONTEXT, stream });
    expect(body).toMatchObject({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format } });
    expect(notes).toMatchObject([{ field: 'outputModalities', action: 'approximated' }]);
    expect(gemini.client.encodeRequest(request, CONTEXT).body).toMatchObject(asked);
  });

  it('is text where nothing else is named, and nothing is said of it', () => {
    const asked = { messages, modalities: ['text'] };
    const request = openaiChat.server.decodeRequest(asked, '/chat/completions');
    expect(gemini.client.encodeRequest(request, CONTEXT)).toMatchObject({ body: { contents }, notes: [] });
    expect(openaiChat.client.encodeRequest(request, CONTEXT).body).toMatchObject(asked);
  });

  it('comes back: the sound of Google stands where clients of Chat Completions look for it', () => {
    const inlineData = { mimeType: 'audio/L16;rate=24000', data: 'AAAA' };
    const body = { candidates: [{ content: { role: 'model', parts: [{ inlineData }] }, finishReason: 'STOP' }] };
    const answer: ModelResponse = gemini.client.decodeResponse(body, { provider: 'google' });
    expect(openaiChat.server.encodeResponse(answer, serverContext())).toMatchObject({
      choices: [
        {
          message: {
            audio: {
              id: expect.stringMatching(/^audio_/),
              data: expect.stringMatching(/^UklGR.*AAAA$/),
              transcript: '',
            },
          },
        },
      ],
    });
  });
});
