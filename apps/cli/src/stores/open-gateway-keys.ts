import { homedir } from 'node:os';
import { join } from 'node:path';
import type { GatewayKeyStore } from '@signalbox/store-sqlite';
import { withoutExperimentalWarning } from './without-experimental-warning.ts';

/** Path of the keys of the user's gateways. */
export const gatewayKeysFile = () => join(homedir(), '.claude-code', 'signalbox-keys.db');

/** The keys of the user's gateways, `~/.claude-code/signalbox-keys.db`. The file is made with the first key. */
export async function openGatewayKeys(): Promise<GatewayKeyStore> {
  const { createGatewayKeyStore } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  return createGatewayKeyStore({ file: gatewayKeysFile() });
}
