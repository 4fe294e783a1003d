import { expect, test } from 'vitest';
import { openaiChat, openaiResponses } from '../src/index.ts';

const bytes = (body: object) => new TextEncoder().encode(JSON.stringify(body));

test.each([
  [{ store: false }, false],
  [{ store: true }, undefined],
  [{}, undefined],
])('of %j says whether the provider is not to keep the answer', (fields, store) => {
  expect(openaiResponses.server.scanHead(bytes({ model: 'm', input: 'hi', ...fields }), '/responses').store).toBe(
    store,
  );
});

test.each([
  [
    ['a', 'b/c'],
    ['a', 'b/c'],
  ],
  [['a', 7], ['a']],
  [[], undefined],
  ['a', undefined],
  [undefined, undefined],
])('of a request with models %j names others than its own', (models, otherModels) => {
  const { model, otherModels: others } = openaiChat.server.scanHead(bytes({ model: 'm', models }), '/chat/completions');
  expect([model, others]).toEqual(['m', otherModels]);
});
