import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url));
const SOURCES = fileURLToPath(new URL('../../apps/cli/src/cli.ts', import.meta.url));
const PROBE = new URL('./heap-probe.mjs', import.meta.url).href;

/** The gateway in a process of its own, which can be looked into. */
export interface GatewayProcess {
  readonly url: string;
  /** The ledger's file. */
  readonly ledger: string;
  /** Bytes of the heap after a collection. */
  heap(): Promise<number>;
  /** Sockets that it holds open; undefined where the system does not tell. */
  sockets(): number | undefined;
  /** Ends it, so that everything is written down. Resolves with its exit code. */
  stop(): Promise<number | null>;
  remove(): void;
}

/** Starts `signalbox serve`: the built program, or the sources. Throws where there is no build. */
export async function startGatewayProcess(configuration: string, from: 'build' | 'sources'): Promise<GatewayProcess> {
  if (from === 'build' && !existsSync(BUILT)) throw new Error('The program is not built: run npm run build first.');
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-load-'));
  const file = join(folder, 'router-config.yml');
  writeFileSync(file, configuration);
  const program = from === 'build' ? [BUILT] : ['--conditions=@signalbox/source', SOURCES];
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', PROBE, ...program, 'serve', '--port', '0', '--config', file],
    { cwd: folder, env: { PATH: process.env.PATH, HOME: folder }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  const ended = once(child, 'close') as Promise<[number | null]>;
  const url = await addressOf(child);
  return {
    url,
    ledger: join(folder, '.claude-code', 'signalbox.db'),
    async heap() {
      const answer = once(child, 'message') as Promise<[number]>;
      child.send('heap');
      return (await answer)[0];
    },
    sockets: () => socketsOf(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (piece: Buffer) => {
      text += piece.toString();
      const address = /serves on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('close', () => reject(new Error(`The gateway ended before it listened: ${text.trim()}`)));
  });
}

/** From /proc, which Linux alone has. */
function socketsOf(pid: number): number | undefined {
  const folder = `/proc/${pid}/fd`;
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(join(folder, name)).startsWith('socket:');
    } catch {
      // Closed in between.
      return false;
    }
  }).length;
}
