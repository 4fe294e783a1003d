import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../../clients/install-packages.ts';
import { MODEL, type Peer, PROVIDER_KEY } from './peer.ts';

const VERSION = '2.0.0';

export const claudeCodeRouter: Peer = {
  name: 'claude-code-router',
  about: `@musistudio/claude-code-router ${VERSION} from npm`,
  paths: { messages: '/v1/messages' },
  install: (cache) => installPackages(join(cache, 'ccr'), { '@musistudio/claude-code-router': VERSION }),
  launch({ cache, folder, port, upstream }) {
    const own = join(folder, '.claude-code-router');
    mkdirSync(own);
    const provider = {
      name: 'openai',
      api_base_url: `${upstream}/v1/chat/completions`,
      api_key: PROVIDER_KEY,
      models: [MODEL],
    };
    const config = {
      PORT: port,
      HOST: '127.0.0.1',
      LOG: false,
      Providers: [provider],
      Router: { default: `openai,${MODEL}` },
    };
    writeFileSync(join(own, 'config.json'), JSON.stringify(config));
    return {
      command: process.execPath,
      words: [join(cache, 'ccr', 'node_modules', '@musistudio', 'claude-code-router', 'dist', 'cli.js'), 'start'],
    };
  },
};
