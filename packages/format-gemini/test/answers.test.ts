import { type JsonObject, type ModelResponse, ProviderError, type Usage } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const context = { model: 'asked', createId: () => 'made', now: () => 0 };

function decode(body: unknown): ModelResponse {
  return gemini.client.decodeResponse(body, { provider: 'google' });
}

function encode(response: Partial<ModelResponse>): JsonObject {
  return gemini.server.encodeResponse({ parts: [], finish: { reason: 'stop' }, ...response }, context);
}

function answer(candidate: JsonObject, more: JsonObject = {}): JsonObject {
  return { candidates: [{ content: { role: 'model', parts: [{ text: 'Hello.' }] }, ...candidate }], ...more };
}

function failure(body: unknown): ProviderError | undefined {
  try {
    decode(body);
  } catch (error) {
    if (ProviderError.is(error)) return error;
  }
  return undefined;
}

const CALL = { content: { role: 'model', parts: [{ functionCall: { name: 'now', args: {} } }] } };

describe('why an answer ended', () => {
  it.each<[JsonObject, Partial<ModelResponse['finish']>]>([
    [{ finishReason: 'STOP' }, { reason: 'stop', rawReason: 'STOP' }],
    [{ finishReason: 1 }, { reason: 'stop', rawReason: 'STOP' }],
    [{ finishReason: 2 }, { reason: 'length', rawReason: 'MAX_TOKENS' }],
    [{ finishReason: 10 }, { reason: 'error', rawReason: 'MALFORMED_FUNCTION_CALL' }],
    [{ finishReason: 99 }, { reason: 'other', rawReason: '99' }],
    [
      { finishReason: 'STOP', ...CALL },
      { reason: 'tool-calls', rawReason: 'STOP' },
    ],
    [
      { finishReason: 'MAX_TOKENS', ...CALL },
      { reason: 'length', rawReason: 'MAX_TOKENS' },
    ],
    [
      { finishReason: 'SAFETY', finishMessage: 'Harm.' },
      { reason: 'content-filter', detail: 'Harm.' },
    ],
    [{ finishReason: 'MODEL_ARMOR' }, { reason: 'content-filter' }],
    [{ finishReason: 'UNEXPECTED_TOOL_CALL' }, { reason: 'error' }],
    [{ finishReason: 'CONTINUATION' }, { reason: 'pause' }],
    [{ finishReason: 'NOVELTY' }, { reason: 'other', rawReason: 'NOVELTY' }],
    [{}, { reason: 'other' }],
    [{ finishReason: 'FINISH_REASON_UNSPECIFIED' }, { reason: 'other' }],
  ])('%j', (candidate, finish) => {
    expect(decode(answer(candidate)).finish).toMatchObject(finish);
  });

  it.each<[JsonObject, string]>([
    [{ blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'No.' }, 'PROHIBITED_CONTENT'],
    [{ blockReason: 1, blockReasonMessage: 'No.' }, 'SAFETY'],
  ])('a refused prompt has no candidate: %j', (promptFeedback, rawReason) => {
    const body = { promptFeedback, usageMetadata: { promptTokenCount: 5, totalTokenCount: 5 } };
    const response = decode(body);
    expect(response).toMatchObject({
      parts: [],
      finish: { reason: 'content-filter', rawReason, detail: 'No.' },
      usage: { inputTokens: 5, outputTokens: 0 },
    });
    const back = encode(response);
    expect(back).toMatchObject({ promptFeedback });
    expect(back.candidates).toBe(undefined);
  });

  it('ratings of a prompt that was not refused are no refusal', () => {
    const response = decode(
      answer({ finishReason: 'STOP' }, { promptFeedback: { safetyRatings: [], blockReason: 0 } }),
    );
    expect(response.finish.reason).toBe('stop');
  });

  it.each<[ModelResponse['finish'], string]>([
    [{ reason: 'stop' }, 'STOP'],
    [{ reason: 'stop-sequence', stopSequence: 'END' }, 'STOP'],
    [{ reason: 'tool-calls', rawReason: 'tool_use' }, 'STOP'],
    [{ reason: 'length', rawReason: 'max_tokens' }, 'MAX_TOKENS'],
    [{ reason: 'context-window' }, 'MAX_TOKENS'],
    [{ reason: 'refusal' }, 'SAFETY'],
    [{ reason: 'content-filter', rawReason: 'RECITATION' }, 'RECITATION'],
    [{ reason: 'length', rawReason: 'STOP' }, 'MAX_TOKENS'],
    [{ reason: 'other' }, 'OTHER'],
  ])('%j is written as %s', (finish, finishReason) => {
    expect(encode({ finish }).candidates).toMatchObject([{ finishReason }]);
  });
});

describe('usage', () => {
  it.each<[string, JsonObject, Usage]>([
    [
      'thoughts are outside the candidates',
      { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 20, totalTokenCount: 35 },
      { inputTokens: 10, outputTokens: 25, reasoningTokens: 20, provenance: 'reported' },
    ],
    [
      'prompts of tool use are outside the prompt',
      { promptTokenCount: 10, toolUsePromptTokenCount: 90, candidatesTokenCount: 5, totalTokenCount: 105 },
      { inputTokens: 100, outputTokens: 5, provenance: 'reported' },
    ],
    [
      'cached tokens are inside the prompt',
      { promptTokenCount: 100, cachedContentTokenCount: 80, candidatesTokenCount: 5, totalTokenCount: 105 },
      { inputTokens: 100, outputTokens: 5, cacheReadTokens: 80, provenance: 'reported' },
    ],
    [
      'audio is inside both',
      {
        promptTokenCount: 100,
        candidatesTokenCount: 50,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 10 },
          { modality: 'AUDIO', tokenCount: 90 },
        ],
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 50 }],
        serviceTier: 'FLEX',
      },
      {
        inputTokens: 100,
        outputTokens: 50,
        inputAudioTokens: 90,
        outputAudioTokens: 50,
        serviceTier: 'flex',
        provenance: 'reported',
      },
    ],
  ])('%s', (_name, usageMetadata, usage) => {
    const response = decode(answer({ finishReason: 'STOP' }, { usageMetadata }));
    expect(response.usage).toEqual(usage);
    expect(encode(response).usageMetadata).toMatchObject({
      ...usageMetadata,
      totalTokenCount: usage.inputTokens + usage.outputTokens,
    });
  });

  it('counts the searches of grounding', () => {
    const groundingMetadata = { webSearchQueries: ['one', 'two'] };
    const body = answer({ finishReason: 'STOP', groundingMetadata }, { usageMetadata: { promptTokenCount: 1 } });
    expect(decode(body).usage?.webSearches).toBe(2);
    expect(encode(decode(body)).candidates).toMatchObject([{ groundingMetadata }]);
  });

  it('is unknown where there is none', () => {
    expect(decode(answer({})).usage).toBe(undefined);
    expect(encode({})).not.toHaveProperty('usageMetadata');
  });
});

describe('an answer', () => {
  it('without content is an answer', () => {
    for (const content of [undefined, null, {}, { role: 'model' }, { parts: [] }, { parts: [{}] }]) {
      expect(decode(answer({ finishReason: 'STOP', content } as JsonObject)).parts).toEqual([]);
    }
  });

  it('that is none is invalid, and says where', () => {
    expect(failure({})?.message).toBe('google sent an answer whose "candidates" is not an array with an answer.');
    expect(failure(answer({ content: { parts: [{ functionCall: {} }] } }))?.message).toContain(
      'candidates[0].content.parts[0].functionCall.name',
    );
    expect(failure({ candidates: [] })?.kind).toBe('invalid-response');
  });

  it('that is an error is that error', () => {
    const error = { code: 503, status: 'UNAVAILABLE', message: 'Overloaded.' };
    expect(failure({ error })).toMatchObject({
      kind: 'overloaded',
      message: 'Overloaded.',
      status: 503,
      provider: 'google',
    });
    expect(failure([answer({}), { error }])).toMatchObject({ kind: 'overloaded' });
  });

  it('has ids of its own for calls that came without, different from answer to answer', () => {
    const one = decode(answer({ ...CALL, finishReason: 'STOP' }, { responseId: 'r/1' }));
    const other = decode(answer({ ...CALL, finishReason: 'STOP' }, { responseId: 'r/2' }));
    expect(one.parts[0]).toMatchObject({ id: 'call_gemini_r1_0' });
    expect(other.parts[0]).toMatchObject({ id: 'call_gemini_r2_0' });
    const nameless = decode(answer({ ...CALL, finishReason: 'STOP' }));
    expect(nameless).toEqual(decode(answer({ ...CALL, finishReason: 'STOP' })));
    expect(JSON.stringify(encode(one).candidates)).toContain('"functionCall":{"name":"now"');
  });

  it('of several candidates is the first; the others come back out', () => {
    const others = [{ index: 1, content: { parts: [{ text: 'Hi.' }], role: 'model' }, finishReason: 'STOP' }];
    const first = { index: 0, content: { parts: [{ text: 'Hello.' }], role: 'model' }, finishReason: 'STOP' };
    const response = decode({ candidates: [first, ...others] });
    expect(response.parts).toEqual([{ type: 'text', text: 'Hello.' }]);
    expect(encode(response).candidates).toEqual([first, ...others]);
  });

  it('of another provider shows reasoning without its signature, and keeps signatures of Google’s', () => {
    const { candidates } = encode({
      model: 'claude',
      id: 'msg_1',
      parts: [
        { type: 'reasoning', text: 'I think.', signature: { issuer: 'anthropic', value: 'FOREIGN' } },
        { type: 'reasoning', text: '', encrypted: { issuer: 'anthropic', value: 'FOREIGN' } },
        { type: 'opaque', format: 'anthropic-messages', value: { type: 'novelty' } },
        { type: 'tool-call', id: 'toolu_1', name: 'now', arguments: '', signature: { issuer: 'google', value: 's' } },
      ],
    });
    expect(candidates).toMatchObject([
      {
        content: {
          role: 'model',
          parts: [
            { text: 'I think.', thought: true },
            { functionCall: { id: 'toolu_1', name: 'now' }, thoughtSignature: 's' },
          ],
        },
      },
    ]);
    expect(JSON.stringify(candidates)).not.toContain('FOREIGN');
  });

  it('names a model and has an id always', () => {
    expect(encode({})).toMatchObject({ modelVersion: 'asked', responseId: 'made' });
  });
});
