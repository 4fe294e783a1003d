import { expect, it } from 'vitest';
import { prepareTransport } from '../src/index.ts';

it('a transport is prepared without a connection that stays, and twice as well as once', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => /^TCP|Timeout/.test(name)).length;
  const before = sockets();
  await prepareTransport();
  await prepareTransport();
  expect(sockets()).toBeLessThanOrEqual(before);
});
