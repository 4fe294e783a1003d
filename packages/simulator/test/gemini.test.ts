import { describe, expect, test } from 'vitest';
import { at, events, post, useSimulator } from './simulator-client.ts';

describe('Gemini', () => {
  const simulator = useSimulator();
  const base = { contents: [{ role: 'user', parts: [{ text: 'Hello there' }] }] };
  const ask = (method: string, body: object = {}, model = 'gemini-2.5-flash') =>
    post(simulator(), `/v1beta/models/${model}:${method}`, { ...base, ...body });

  test('streams CRLF server-sent events with alt=sse, and no end marker', async () => {
    const { text, headers } = await ask('streamGenerateContent?alt=sse');
    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    const last = events(text).at(-1)?.json;
    expect(last).toMatchObject({ candidates: [{ finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 3 } });
    expect(text).not.toContain('[DONE]');
  });

  test('streams one JSON array without alt=sse', async () => {
    const { json, headers } = await ask('streamGenerateContent');
    expect(headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(Array.isArray(json)).toBe(true);
    expect((json as unknown[]).at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
  });

  test('counts usage upwards; the total holds thoughts, the candidates don’t', async () => {
    const generationConfig = { thinkingConfig: { includeThoughts: true } };
    const chunks = events((await ask('streamGenerateContent?alt=sse', { generationConfig })).text);
    const totals = chunks.map((chunk) => Number(at(chunk.json, 'usageMetadata', 'totalTokenCount')));
    expect(totals).toEqual(totals.toSorted((left, right) => left - right));
    const usage = at(chunks.at(-1)?.json, 'usageMetadata') as Record<string, number>;
    expect(usage.totalTokenCount).toBe(
      (usage.promptTokenCount ?? 0) + (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    );
    expect(usage.thoughtsTokenCount).toBeGreaterThan(10);
    expect(chunks[0]?.json).toMatchObject({ candidates: [{ content: { parts: [{ thought: true }] } }] });
    expect(at(chunks.at(-1)?.json, 'candidates', 0, 'content', 'parts', 0)).toMatchObject({
      text: '',
      thoughtSignature: expect.any(String),
    });
  });

  test('hides thoughts that were not asked for and still counts them', async () => {
    const { json, text } = await ask('generateContent', {
      generationConfig: { thinkingConfig: { thinkingBudget: -1 } },
    });
    expect(text).not.toContain('"thought":true');
    expect(at(json, 'usageMetadata', 'thoughtsTokenCount')).toBeGreaterThan(10);
    const off = await ask('generateContent', { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } });
    expect(at(off.json, 'usageMetadata')).not.toHaveProperty('thoughtsTokenCount');
  });

  test('calls whole functions and ends in STOP; reads a schema in capitals', async () => {
    const tools = [
      {
        functionDeclarations: [
          {
            name: 'get_weather',
            parameters: { type: 'OBJECT', properties: { days: { type: 'INTEGER', minimum: 2, maximum: 2 } } },
          },
        ],
      },
    ];
    const toolConfig = { functionCallingConfig: { mode: 'ANY' } };
    const { json } = await ask('generateContent', { tools, toolConfig });
    expect(json).toMatchObject({
      candidates: [
        { content: { parts: [{ functionCall: { name: 'get_weather', args: { days: 2 } } }] }, finishReason: 'STOP' },
      ],
    });
    const chunks = events((await ask('streamGenerateContent?alt=sse', { tools, toolConfig })).text);
    expect(chunks).toHaveLength(2);
    const contents = [
      ...base.contents,
      { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: { days: 2 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { result: 'sunny' } } }] },
    ];
    const answered = await ask('generateContent', { tools, toolConfig, contents });
    expect(at(answered.json, 'candidates', 0, 'content', 'parts', 0, 'text')).toContain('sunny');
    const unsigned = await ask('generateContent', { contents }, 'gemini-3-pro-preview');
    expect(unsigned.status).toBe(400);
    expect(at(unsigned.json, 'error', 'message')).toContain('thought_signature');
  });

  test('reads snake case as well', async () => {
    const { json } = await ask('generateContent', { generation_config: { max_output_tokens: 4 } });
    expect(json).toMatchObject({ candidates: [{ finishReason: 'MAX_TOKENS' }] });
  });

  test('counts tokens and embeds', async () => {
    expect((await ask('countTokens')).json).toEqual({
      totalTokens: 3,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 3 }],
    });
    const { json } = await ask('embedContent', { content: { parts: [{ text: 'Hi' }] }, outputDimensionality: 8 });
    expect(at(json, 'embedding', 'values')).toHaveLength(8);
    const batch = await ask('batchEmbedContents', { requests: [{ content: { parts: [{ text: 'Hi' }] } }] });
    expect(at(batch.json, 'embeddings')).toHaveLength(1);
  });
});

describe('Gemini 3', () => {
  const simulator = useSimulator();

  test('signs the first call, gives ids, and takes its own call back', async () => {
    const path = '/v1beta/models/gemini-3-pro-preview:generateContent';
    const tools = [{ functionDeclarations: [{ name: 'get_time' }, { name: 'get_date' }] }];
    const asked = { role: 'user', parts: [{ text: 'Use get_time and get_date.' }] };
    const { json } = await post(simulator(), path, { contents: [asked], tools });
    const content = at(json, 'candidates', 0, 'content');
    expect(content).toMatchObject({
      parts: [
        { functionCall: { id: expect.any(String), name: 'get_time' }, thoughtSignature: expect.any(String) },
        { functionCall: { id: expect.any(String), name: 'get_date' } },
      ],
    });
    expect(at(content, 'parts', 1)).not.toHaveProperty('thoughtSignature');
    const results = {
      role: 'user',
      parts: [{ functionResponse: { name: 'get_time', response: { result: 'noon' } } }],
    };
    const answered = await post(simulator(), path, { contents: [asked, content, results], tools });
    expect(answered.status).toBe(200);
    expect(answered.text).toContain('noon');
  });
});
