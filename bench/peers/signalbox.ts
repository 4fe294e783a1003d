import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { createGatewayKeyStore } from '../../packages/store-sqlite/src/index.ts';
import { type Launch, MODEL, type Peer, type PeerPlace, PROVIDER_KEY } from './peer.ts';

/** Candidates for a routed request, besides the model that is asked for by name. */
const OTHER_MODELS = ['gpt-4o', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano'];

const PROGRAM = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url));

/** Budgets that nobody reaches, of every kind that a gateway's keys and users have. */
const BUDGET = `budget:
  daily: 100000
  monthly: 1000000
  per_user: { default: 100000 }
  per_model: { ${MODEL}: { max_daily_uses: 1000000000 } }
  alerts: [{ threshold: 50%, action: notify }]
`;

/** What a gateway of ours is started with, where a measure wants it otherwise. */
export interface SignalboxSetup {
  /** How many keys there are. Default 1. */
  readonly keys?: number;
  /** Default: eight models that have prices. */
  readonly models?: readonly string[];
}

/** A launch with the secrets of all its keys. */
export interface SignalboxLaunch extends Launch {
  readonly secrets: readonly string[];
}

/** The built gateway with a key that has a budget of its own, five more budgets beside it, the ledger and the metrics. */
export const signalbox: Peer = {
  name: 'signalbox',
  about: 'the built program with keys, budgets, ledger and metrics',
  paths: { chat: '/v1/chat/completions', messages: '/v1/messages' },
  launch: (place) => launchSignalbox(place),
};

/** Makes keys and the configuration, and says how to start it. */
export function launchSignalbox(place: PeerPlace, setup: SignalboxSetup = {}): SignalboxLaunch {
  const { folder, port, upstream } = place;
  const { keys = 1, models = [MODEL, ...OTHER_MODELS] } = setup;
  const secrets = makeKeys(join(folder, '.claude-code', 'signalbox-keys.db'), keys);
  const config = join(folder, 'router-config.yml');
  const provider = `{ endpoint: "${upstream}", api_key: ${PROVIDER_KEY}, models: [${models.join(', ')}] }`;
  writeFileSync(config, `providers:\n  openai: ${provider}\n${BUDGET}`);
  return {
    command: process.execPath,
    words: [PROGRAM, 'serve', '--port', String(port), '--config', config],
    headers: { authorization: `Bearer ${secrets[0]}` },
    secrets,
  };
}

/** The first as anybody makes it, the others like it in one transaction: one by one, ten thousand take minutes on a slow disk. */
function makeKeys(file: string, count: number): readonly string[] {
  const store = createGatewayKeyStore({ file });
  const limits = { budgetDaily: 10_000_000_000_000 };
  const first = store.create({ name: 'key-0', user: 'user-0', tags: ['bench'], limits }).secret;
  store.close();
  const secrets = [first, ...Array.from({ length: count - 1 }, (_, index) => `sk-signalbox-of-the-bench-${index + 1}`)];
  const database = new DatabaseSync(file);
  database.exec('BEGIN');
  const key = database.prepare(
    `INSERT INTO keys (name, owner, tenant, tags, models, limits, created_at)
     SELECT ?, ?, tenant, tags, models, limits, created_at FROM keys WHERE name = 'key-0'`,
  );
  const secret = database.prepare('INSERT INTO secrets (sha256, key, created_at) VALUES (?, ?, 0)');
  for (const [index, text] of secrets.entries()) {
    if (index === 0) continue;
    key.run(`key-${index}`, `user-${index}`);
    secret.run(createHash('sha256').update(text).digest('hex'), `key-${index}`);
  }
  database.exec('COMMIT');
  database.close();
  return secrets;
}
