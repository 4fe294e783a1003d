import { expect, it } from 'vitest';
import { createSimulatorHandler, startSimulator } from '../src/index.ts';

it.each([
  [{ port: '8080' }, 'port is a text, and must be a whole number from 0 to 65535.'],
  [{ port: 70_000 }, 'port is 70000, and must be a whole number from 0 to 65535.'],
  [{ modells: [] }, 'there is no option "modells"; did you mean models?'],
  [{ requireKey: [1] }, 'requireKey[0] is 1, and must be a text.'],
  [{ behaviour: 'latency=200' }, 'behaviour is a text, and must be an object, such as { latency: 200 }.'],
])('%j starts no simulator', async (options, sentence) => {
  await expect(startSimulator(options as never)).rejects.toMatchObject({
    kind: 'configuration',
    message: `startSimulator: ${sentence}`,
  });
});

it('a handler listens nowhere', () => {
  expect(() => createSimulatorHandler({ port: 1 } as never)).toThrow(
    'createSimulatorHandler: there is no option "port"; there are seed, clock, behaviour, requireKey, models.',
  );
});
