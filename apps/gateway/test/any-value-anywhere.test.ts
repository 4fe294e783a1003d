import { parseConfiguration } from '@signalbox/config';
import { isJsonObject, type JsonObject, type JsonValue } from '@signalbox/core';
import { anthropic } from '@signalbox/provider-anthropic';
import { google } from '@signalbox/provider-google';
import { ollama } from '@signalbox/provider-ollama';
import { openai, openaiOverResponses } from '@signalbox/provider-openai';
import { type ReadyRouter, setupRouter } from '@signalbox/setup';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../src/index.ts';

let simulator: Simulator;
let ready: ReadyRouter;
let app: ReturnType<typeof createGateway>;
const faults: unknown[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ behaviour: { text: 'Yes.' } });
  const { url } = simulator;
  const providers = `
  anthropic: { endpoint: "${url}/anthropic", api_key: k, models: [claude-haiku-4-5] }
  openai: { endpoint: "${url}/openai/v1", api_key: k, models: [gpt-4o-mini] }
  google: { endpoint: "${url}/google", api_key: k, models: [gemini-2.5-flash] }
  responses: { type: openai-responses, endpoint: "${url}/responses", api_key: k, models: [gpt-5-mini] }
  local: { endpoint: "${url}", models: ["mistral:7b"] }`;
  const { configuration } = parseConfiguration(`providers:${providers}\nretry: { max_attempts: 1 }\n`, {
    file: 'router-config.yml',
    env: {},
  });
  ready = await setupRouter({
    configuration,
    env: {},
    definitions: { anthropic, openai, google, local: ollama },
    types: { 'openai-responses': openaiOverResponses },
  });
  app = createGateway({ router: ready.router, onFault: (error) => faults.push(error) });
});
afterAll(async () => {
  await ready.close();
  await simulator.close();
});

const SCHEMA: JsonObject = { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] };
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

interface Protocol {
  readonly name: string;
  readonly path: (model: string) => string;
  /** Of the provider that speaks it. */
  readonly own: string;
  /** A request that uses much of what the protocol has. */
  readonly body: JsonObject;
}

const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'Chat Completions',
    path: () => '/v1/chat/completions',
    own: 'gpt-4o-mini',
    body: {
      stream: false,
      stream_options: { include_usage: true },
      temperature: 0.5,
      max_tokens: 50,
      stop: ['end'],
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA, strict: true } },
      tools: [{ type: 'function', function: { name: 'look', description: 'looks', parameters: SCHEMA } }],
      tool_choice: 'auto',
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'hi' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"x"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'seen' },
      ],
    },
  },
  {
    name: 'Messages',
    path: () => '/v1/messages',
    own: 'claude-haiku-4-5',
    body: {
      max_tokens: 50,
      stream: false,
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      metadata: { user_id: 'me' },
      tools: [{ name: 'look', description: 'looks', input_schema: SCHEMA }],
      tool_choice: { type: 'auto' },
      thinking: { type: 'disabled' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'hi' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'look', input: { at: 'x' } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'seen' }] },
      ],
    },
  },
  {
    name: 'Responses',
    path: () => '/v1/responses',
    own: 'gpt-5-mini',
    body: {
      stream: false,
      instructions: 'Be brief.',
      max_output_tokens: 50,
      store: false,
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'low', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'a', schema: SCHEMA }, verbosity: 'low' },
      tools: [{ type: 'function', name: 'look', parameters: SCHEMA, strict: false }],
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{"at":"x"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'seen' },
      ],
    },
  },
  {
    name: 'Gemini',
    path: (model) => `/v1beta/models/${model}:generateContent`,
    own: 'gemini-2.5-flash',
    body: {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      generationConfig: { maxOutputTokens: 50, stopSequences: ['end'], thinkingConfig: { thinkingBudget: 0 } },
      tools: [{ functionDeclarations: [{ name: 'look', description: 'looks', parameters: SCHEMA }] }],
      toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
      contents: [
        { role: 'user', parts: [{ text: 'hi' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }] },
        { role: 'model', parts: [{ functionCall: { name: 'look', args: { at: 'x' } } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'look', response: { result: 'seen' } } }] },
      ],
    },
  },
  {
    name: 'Ollama',
    path: () => '/api/chat',
    own: 'mistral:7b',
    body: {
      stream: false,
      think: false,
      format: SCHEMA,
      options: { temperature: 0.5, num_predict: 50, stop: ['end'] },
      tools: [{ type: 'function', function: { name: 'look', description: 'looks', parameters: SCHEMA } }],
      messages: [
        { role: 'user', content: 'hi', images: [PIXEL] },
        { role: 'assistant', content: '', tool_calls: [{ function: { name: 'look', arguments: { at: 'x' } } }] },
        { role: 'tool', content: 'seen', tool_name: 'look' },
      ],
    },
  },
];

type Path = readonly (string | number)[];

/** Every place in a request, the whole of it included. */
function placesOf(value: JsonValue, path: Path = []): readonly Path[] {
  const inner = Array.isArray(value)
    ? value.flatMap((one, index) => placesOf(one, [...path, index]))
    : isJsonObject(value)
      ? Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : placesOf(one, [...path, key])))
      : [];
  return [path, ...inner];
}

function replaced(value: JsonValue, [key, ...rest]: Path, by: JsonValue): JsonValue {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one, index) => (index === key ? replaced(one, rest, by) : one));
  if (!isJsonObject(value)) return value;
  return { ...value, [key]: replaced(value[key] ?? null, rest, by) };
}

/** What clients send by mistake, beside anything at all. */
const anyValue = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    true,
    '',
    '0',
    -1,
    0,
    1e308,
    0.5,
    [],
    {},
    [null],
    [[]],
    '\u0000',
    '__proto__',
    'constructor',
    'toString',
    '\ud800',
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
);

describe.each(PROTOCOLS)('in $name', ({ path, own, body }) => {
  const others = PROTOCOLS.filter((one) => one.own !== own).map((one) => one.own);

  it('any value in any field gets an answer or an error that says what is wrong, never a fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...placesOf(body)),
        anyValue,
        fc.constantFrom(own, ...others),
        fc.boolean(),
        async (place, value, model, stream) => {
          faults.length = 0;
          const whole = replaced({ model, ...body, ...('stream' in body ? { stream } : {}) }, place, value);
          const target =
            stream && path('') !== path('x') ? path(model).replace(':generate', ':streamGenerate') : path(model);
          const answer = await app.request(target, { method: 'POST', body: JSON.stringify(whole) });
          const text = await answer.text();
          const about = `${model} ${JSON.stringify(place)} = ${JSON.stringify(value)}: ${answer.status} ${text.slice(0, 300)}`;
          expect(faults, about).toEqual([]);
          expect(answer.status === 200 || (answer.status >= 400 && answer.status < 500), about).toBe(true);
          if (answer.status !== 200) {
            const error = JSON.parse(text).error;
            expect(String(error.message ?? error).length, about).toBeGreaterThan(10);
          }
        },
      ),
      { numRuns: 250 },
    );
  });
});

describe.each([
  ['/v1/messages/count_tokens', { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'hi' }] }],
  ['/v1/responses/input_tokens', { model: 'gpt-5-mini', input: 'hi' }],
  ['/v1/embeddings', { model: 'gpt-4o-mini', input: ['hi'], encoding_format: 'float' }],
  ['/v1beta/models/gemini-2.5-flash:countTokens', { contents: [{ parts: [{ text: 'hi' }] }] }],
  ['/v1beta/models/gemini-2.5-flash:embedContent', { content: { parts: [{ text: 'hi' }] } }],
  ['/api/embed', { model: 'mistral:7b', input: ['hi'] }],
  ['/api/embeddings', { model: 'mistral:7b', prompt: 'hi' }],
  ['/api/show', { model: 'mistral:7b' }],
] as readonly (readonly [path: string, body: JsonObject])[])('at %s', (path, body) => {
  it('any value in any field is no fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...placesOf(body)), anyValue, async (place, value) => {
        faults.length = 0;
        const answer = await app.request(path, { method: 'POST', body: JSON.stringify(replaced(body, place, value)) });
        const about = `${JSON.stringify(place)} = ${JSON.stringify(value)}: ${answer.status} ${await answer.text()}`;
        expect(faults, about).toEqual([]);
        expect(answer.status, about).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
  });
});
