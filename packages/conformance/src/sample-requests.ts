import type { FunctionTool, ModelRequest } from '@signalbox/core';

/** A request that every format must be able to carry. */
export interface SampleRequest {
  readonly name: string;
  /** What it needs beyond text and tools. */
  readonly needs?: 'images' | undefined;
  readonly request: ModelRequest;
}

const WEATHER: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', description: 'Name of the city' }, days: { type: 'integer' } },
    required: ['city'],
  },
};

/** One red dot, PNG. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

/** Canonical requests, hand-written. */
export const SAMPLE_REQUESTS: readonly SampleRequest[] = [
  {
    name: 'one question',
    request: {
      system: [],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }],
      maxOutputTokens: 100,
    },
  },
  {
    name: 'instructions and a conversation',
    request: {
      system: [{ type: 'text', text: 'Be brief. Odpowiadaj po polsku. \u{1f600}' }],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Who are you?' }] },
        { role: 'assistant', parts: [{ type: 'text', text: 'A model.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'Of which kind? 漢字 \u{10348}' }] },
      ],
      maxOutputTokens: 200,
      sampling: { temperature: 0.5 },
    },
  },
  {
    name: 'a tool loop with parallel calls',
    request: {
      system: [{ type: 'text', text: 'Use the tools.' }],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'London and Paris?' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'text', text: 'I look.' },
            { type: 'tool-call', id: 'call_london_1', name: 'get_weather', arguments: '{"city":"London"}' },
            { type: 'tool-call', id: 'call_paris_2', name: 'get_weather', arguments: '{"city":"Paris","days":2}' },
          ],
        },
        {
          role: 'user',
          parts: [
            {
              type: 'tool-result',
              callId: 'call_london_1',
              name: 'get_weather',
              content: [{ type: 'text', text: 'Rain, 12 \u00b0C' }],
            },
            {
              type: 'tool-result',
              callId: 'call_paris_2',
              name: 'get_weather',
              content: [{ type: 'text', text: 'Sun' }],
            },
          ],
        },
      ],
      tools: [WEATHER, { type: 'function', name: 'now', description: 'The time.' }],
      toolChoice: { type: 'auto' },
      maxOutputTokens: 300,
    },
  },
  {
    name: 'an image and a question',
    needs: 'images',
    request: {
      system: [],
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: PNG } },
            { type: 'text', text: 'What is this?' },
          ],
        },
      ],
      maxOutputTokens: 100,
    },
  },
];

/** A request full of what only others understand: none of it may vanish without a note. */
export const FOREIGN_REQUEST: ModelRequest = {
  system: [],
  messages: [
    { role: 'user', parts: [{ type: 'text', text: 'Hello?' }] },
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: '', encrypted: { issuer: 'someone-else', value: 'c2VjcmV0' } },
        { type: 'opaque', format: 'somewhere-else', value: { type: 'novelty', payload: 'unheard of' } },
        { type: 'text', text: 'Hello.' },
      ],
    },
    { role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
  ],
  tools: [{ type: 'opaque', format: 'somewhere-else', value: { type: 'novel_tool' } }],
  extensions: { 'somewhere-else': { novelty: true } },
  maxOutputTokens: 100,
};
