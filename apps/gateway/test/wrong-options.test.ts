import { createRouter } from '@signalbox/router';
import { expect, it } from 'vitest';
import { createGateway, serveGateway } from '../src/index.ts';

const router = createRouter({ providers: [] });

it.each([
  [undefined, 'router is missing, and must be a router, such as createRouter({ providers }) gives.'],
  [{ router: {} }, 'router is an object, and must be a router, such as createRouter({ providers }) gives.'],
  [{ router, maxBodyByte: 1 }, 'there is no option "maxBodyByte"; did you mean maxBodyBytes?'],
  [{ router, silenceMs: '15s' }, 'silenceMs is a text, and must be a number of milliseconds, 0 or more.'],
  [{ router, countTokens: true }, 'countTokens is true, and must be one of estimate, exact.'],
  [
    { router, corsOrigins: 'https://app.example.com' },
    'corsOrigins is a text, and must be a list of origins, such as https://app.example.com.',
  ],
])('no gateway is made of %j', async (options, sentence) => {
  const kind = 'configuration';
  expect(() => createGateway(options as never)).toThrow(
    expect.objectContaining({ kind, message: `createGateway: ${sentence}` }),
  );
  await expect(serveGateway(options as never)).rejects.toMatchObject({ kind, message: `serveGateway: ${sentence}` });
});

it.each([
  [{ router, port: 70_000 }, 'port is 70000, and must be a whole number from 0 to 65535.'],
  [{ router, port: '4141' }, 'port is a text, and must be a whole number from 0 to 65535.'],
  [{ router, host: '' }, 'host is empty, and must be a host, such as 127.0.0.1.'],
])('no gateway listens with %j', async (options, sentence) => {
  await expect(serveGateway(options as never)).rejects.toMatchObject({
    kind: 'configuration',
    message: `serveGateway: ${sentence}`,
  });
});
