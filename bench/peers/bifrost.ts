import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from '../../clients/install-packages.ts';
import { MODEL, type Peer, PROVIDER_KEY } from './peer.ts';

const VERSION = '1.6.3';

/** Its package on npm loads the program itself from its maker's server when it is first started: without the network it does not start. */
export const bifrost: Peer = {
  name: 'Bifrost',
  about: `@maximhq/bifrost ${VERSION} from npm, the program from its maker's server`,
  paths: { chat: '/v1/chat/completions', messages: '/anthropic/v1/messages' },
  model: `openai/${MODEL}`,
  install: (cache) => installPackages(join(cache, 'bifrost'), { '@maximhq/bifrost': VERSION }),
  launch({ cache, folder, port, upstream }) {
    const key = { name: 'provider', value: PROVIDER_KEY, models: [MODEL], weight: 1 };
    const config = { providers: { openai: { keys: [key], network_config: { base_url: upstream } } } };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    return {
      command: process.execPath,
      words: [
        join(cache, 'bifrost', 'node_modules', '@maximhq', 'bifrost', 'bin.js'),
        ...['-host', '127.0.0.1', '-port', String(port), '-app-dir', folder],
      ],
      // Where it keeps the program that it has loaded.
      env: { XDG_CACHE_HOME: join(cache, 'bifrost') },
    };
  },
};
