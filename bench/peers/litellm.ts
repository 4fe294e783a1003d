import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL, type Peer, PROVIDER_KEY } from './peer.ts';

/** The newest of this series whose proxy can be had from PyPI as a whole. */
const PACKAGE = 'litellm[proxy]==1.106.0';
/** It brings a hundred packages. */
const INSTALL_MS = 300_000;

export const litellm: Peer = {
  name: 'LiteLLM',
  about: `${PACKAGE} from PyPI, one process, a master key, no database`,
  paths: { chat: '/v1/chat/completions', messages: '/v1/messages' },
  install(cache) {
    const folder = join(cache, 'litellm');
    const mark = join(folder, 'installed.txt');
    if (existsSync(mark) && readFileSync(mark, 'utf8') === PACKAGE) return;
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin', 'pip'), ['install', '-q', '--only-binary', ':all:', PACKAGE]);
    writeFileSync(mark, PACKAGE);
  },
  launch({ cache, folder, port, upstream }) {
    // It refuses to start with a key that is easy to guess.
    const key = `sk-${randomBytes(16).toString('hex')}`;
    const config = join(folder, 'config.yaml');
    writeFileSync(
      config,
      `model_list:
  - model_name: ${MODEL}
    litellm_params: { model: openai/${MODEL}, api_base: "${upstream}/v1", api_key: ${PROVIDER_KEY} }
litellm_settings: { use_chat_completions_url_for_anthropic_messages: true }
`,
    );
    return {
      command: join(cache, 'litellm', 'bin', 'litellm'),
      words: ['--config', config, '--host', '127.0.0.1', '--port', String(port), '--telemetry', 'False'],
      // Its prices as they came with it: it would ask the network for them.
      env: { LITELLM_MASTER_KEY: key, LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
      headers: { authorization: `Bearer ${key}` },
    };
  },
};

function run(command: string, words: readonly string[]): void {
  const { status, error, stderr } = spawnSync(command, [...words], { encoding: 'utf8', timeout: INSTALL_MS });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1);
  throw new Error(`"${command} ${words[0]}" failed: ${reason}`);
}
