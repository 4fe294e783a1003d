import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';

/** What Node takes at least by its own HTTP server and undici. */
export const bareProxy: Peer = {
  name: 'bare proxy',
  about: 'node:http + undici, bytes passed on (bench/bare-proxy.mjs)',
  paths: { chat: '/v1/chat/completions' },
  launch: ({ port, upstream }) => ({
    command: process.execPath,
    words: [fileURLToPath(new URL('../bare-proxy.mjs', import.meta.url)), upstream, String(port)],
  }),
};
