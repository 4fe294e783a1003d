import { join } from 'node:path';
import { installPackages } from '../../clients/install-packages.ts';
import { type Peer, PROVIDER_KEY } from './peer.ts';

const VERSION = '1.15.2';
/** With the newest of this that npm would take (1.19) each stream ends in an error: it adds to headers that can't be changed. */
const NEEDED = { '@hono/node-server': '1.13.8' };

export const portkey: Peer = {
  name: 'Portkey',
  about: `@portkey-ai/gateway ${VERSION} from npm`,
  paths: { chat: '/v1/chat/completions' },
  install: (cache) => installPackages(join(cache, 'portkey'), { '@portkey-ai/gateway': VERSION }, NEEDED),
  launch: ({ cache, port, upstream }) => ({
    command: process.execPath,
    words: [
      join(cache, 'portkey', 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js'),
      '--headless',
      `--port=${port}`,
    ],
    headers: {
      authorization: `Bearer ${PROVIDER_KEY}`,
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `${upstream}/v1`,
    },
  }),
};
