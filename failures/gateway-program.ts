import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatewayConfiguration, type Upstreams } from './gateway-configuration.ts';
import type { GatewayUnderTest } from './gateway-under-test.ts';

const PROGRAM = fileURLToPath(new URL('../apps/cli/dist/cli.js', import.meta.url));
const RESOLVER = new URL('./odd-resolver.mjs', import.meta.url).href;
const CHAT_PROVIDER = fileURLToPath(new URL('./chat-provider.mjs', import.meta.url));

/** The gateway as its users run it: the built program, `serve`, in a folder and a home of its own. */
export async function startGatewayProgram(upstreams: Upstreams): Promise<GatewayUnderTest> {
  if (!existsSync(PROGRAM)) throw new Error('The program is not built: run npm run build first.');
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-failures-'));
  const file = join(folder, 'router-config.yml');
  const certificates = join(folder, 'certificates.pem');
  writeFileSync(certificates, upstreams.http2Certificate);
  writeFileSync(file, gatewayConfiguration(upstreams, CHAT_PROVIDER));
  const child = spawn(process.execPath, ['--import', RESOLVER, PROGRAM, 'serve', '--port', '0', '--config', file], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NODE_EXTRA_CA_CERTS: certificates },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (piece: Buffer) => {
      text += piece.toString();
      const address = /serves on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('close', () => reject(new Error(`The gateway ended before it listened: ${text.trim()}`)));
  });
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
