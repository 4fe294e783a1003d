import { expect, it } from 'vitest';
import { createBatchClient } from '../src/index.ts';

it.each([
  [undefined, 'is missing'],
  ['anthropic', 'is a text'],
  [{ apiKey: 'sample' }, 'is an object'],
])('a client of %j is refused', (provider, what) => {
  const message = `createBatchClient: provider ${what}, and must be a provider: what createAnthropic({ apiKey }) or its like gives.`;
  expect(() => createBatchClient(provider as never)).toThrow(
    expect.objectContaining({ kind: 'configuration', message }),
  );
});
