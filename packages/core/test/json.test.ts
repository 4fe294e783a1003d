import { expect, it } from 'vitest';
import { DEEPEST_JSON, isDeeperThan, type JsonObject, type JsonValue, type Tool } from '../src/index.ts';

it('takes what a program wrote `as const`: a schema is rarely changed', () => {
  const tools = [
    {
      type: 'function',
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ] as const;
  const taken: readonly Tool[] = tools;
  const schema: JsonObject = tools[0].parameters;
  expect([taken[0], schema.required]).toEqual([tools[0], ['city']]);
});

it('is measured through lists and objects alike', () => {
  const nested = (levels: number): JsonValue =>
    levels === 0 ? 1 : levels % 2 === 0 ? [nested(levels - 1)] : { a: nested(levels - 1) };
  expect(isDeeperThan(DEEPEST_JSON, nested(DEEPEST_JSON))).toBe(false);
  expect(isDeeperThan(DEEPEST_JSON, nested(DEEPEST_JSON + 1))).toBe(true);
});
