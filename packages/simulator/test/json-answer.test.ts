import type { JsonObject } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from './schema-check.ts';
import { ANTHROPIC, at, post, useSimulator } from './simulator-client.ts';

const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 3 },
    age: { type: 'integer', minimum: 18, maximum: 30 },
    kind: { enum: ['cat', 'dog'] },
    price: { anyOf: [{ type: 'number' }, { type: 'null' }] },
    owner: { $ref: '#/$defs/person' },
    tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
    tame: { type: 'boolean' },
  },
  required: ['name', 'age', 'kind', 'price', 'owner', 'tags', 'tame'],
  additionalProperties: false,
  $defs: {
    person: {
      type: 'object',
      properties: {
        friend: { anyOf: [{ $ref: '#/$defs/person' }, { type: 'null' }] },
        email: { type: 'string', format: 'email' },
      },
      required: ['friend', 'email'],
    },
  },
};

const user = { role: 'user', content: 'Describe a pet.' };
const simulator = useSimulator();

describe('structured output', () => {
  test.each([
    [
      'Anthropic Messages',
      '/v1/messages',
      {
        model: 'm',
        max_tokens: 999,
        messages: [user],
        output_config: { format: { type: 'json_schema', schema: SCHEMA } },
      },
      ['content', 0, 'text'],
    ],
    [
      'Chat Completions',
      '/v1/chat/completions',
      {
        model: 'm',
        messages: [user],
        response_format: { type: 'json_schema', json_schema: { name: 'pet', schema: SCHEMA } },
      },
      ['choices', 0, 'message', 'content'],
    ],
    [
      'Responses',
      '/v1/responses',
      { model: 'm', input: [user], text: { format: { type: 'json_schema', name: 'pet', schema: SCHEMA } } },
      ['output', 0, 'content', 0, 'text'],
    ],
    [
      'Gemini',
      '/v1beta/models/m:generateContent',
      {
        contents: [{ role: 'user', parts: [{ text: 'Describe a pet.' }] }],
        generationConfig: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA },
      },
      ['candidates', 0, 'content', 'parts', 0, 'text'],
    ],
    [
      'Ollama chat',
      '/api/chat',
      { model: 'm', messages: [user], stream: false, format: SCHEMA },
      ['message', 'content'],
    ],
    ['Ollama generate', '/api/generate', { model: 'm', prompt: 'A pet', stream: false, format: SCHEMA }, ['response']],
  ] as const)('%s answers with JSON that is valid for the schema', async (_, path, body, where) => {
    const { json } = await post(simulator(), path, body, ANTHROPIC);
    expect(violations(JSON.parse(String(at(json, ...where))), SCHEMA, SCHEMA)).toEqual([]);
  });

  test('JSON mode without a schema is an object that says it is simulated', async () => {
    const body = { model: 'm', messages: [user], response_format: { type: 'json_object' } };
    const { json } = await post(simulator(), '/v1/chat/completions', body);
    expect(JSON.parse(String(at(json, 'choices', 0, 'message', 'content')))).toMatchObject({
      simulated: true,
      model: 'm',
    });
  });

  test('holds for any schema of the kinds that are understood', async () => {
    const leaf = fc.oneof(
      fc.record({ type: fc.constant('string'), minLength: fc.nat(9), maxLength: fc.integer({ min: 10, max: 40 }) }),
      fc.record({
        type: fc.constantFrom('integer', 'number'),
        minimum: fc.integer({ min: -50, max: 0 }),
        maximum: fc.integer({ min: 1, max: 50 }),
      }),
      fc.record({ type: fc.constant('integer'), exclusiveMinimum: fc.integer({ min: -9, max: 9 }) }),
      fc.record({
        type: fc.constant('integer'),
        multipleOf: fc.integer({ min: 1, max: 9 }),
        minimum: fc.integer({ min: 0, max: 9 }),
      }),
      fc.record({ type: fc.constantFrom('boolean', 'null') }),
      fc.record({ type: fc.constant(['string', 'null']) }),
      fc.record({ enum: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1, maxLength: 4 }) }),
      fc.record({ const: fc.oneof(fc.string(), fc.integer()) }),
    );
    const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        leaf as unknown as fc.Arbitrary<JsonObject>,
        fc
          .dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), tie('schema'), { maxKeys: 4 })
          .chain((properties) =>
            fc
              .subarray(Object.keys(properties))
              .map((required) => ({ type: 'object', properties, required }) as JsonObject),
          ),
        fc.record({
          type: fc.constant('array'),
          items: tie('schema'),
          minItems: fc.nat(3),
        }) as unknown as fc.Arbitrary<JsonObject>,
        fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf }) as JsonObject),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(schema, async (made) => {
        const body = { model: 'm', prompt: 'x', stream: false, format: made };
        const { json } = await post(simulator(), '/api/generate', body);
        expect(violations(JSON.parse(String(at(json, 'response'))), made, made)).toEqual([]);
      }),
      { numRuns: 150, seed: 20261122 },
    );
  });
});
