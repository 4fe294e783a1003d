import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './free-port.ts';
import { finished, firstMatch } from './run-cli.ts';

// Docker is not asked: what the last stage of the Dockerfile copies is laid out in a folder, and its own command lines run there.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const image = mkdtempSync(join(tmpdir(), 'signalbox-image-'));
const [build = '', last = ''] = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .split(/^FROM .*$/m)
  .slice(1);
const instruction = (name: string): string => new RegExp(`^${name} ((?:.*\\\\\\n)*.*)$`, 'm').exec(last)?.[1] ?? '';
const words = (name: string): string[] => JSON.parse(instruction(name).replace(/^.*?\[/s, '['));

let environment: Record<string, string>;
beforeAll(() => {
  const [, command = ''] = /^RUN cd apps\/cli && node (.*)$/m.exec(build) ?? [];
  const built = join(image, 'built');
  execFileSync(process.execPath, [...command.split(' '), '--out-dir', built], {
    cwd: join(root, 'apps/cli'),
    stdio: 'pipe',
  });
  for (const [, from = '', to = ''] of last.matchAll(/^COPY --from=build \/source\/(\S+) (\S+)$/gm)) {
    const target = join(image, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from === 'apps/cli/dist' ? built : join(root, from), target, { recursive: true });
  }
  rmSync(built, { recursive: true });
  mkdirSync(join(image, 'data'));
  environment = { PATH: process.env.PATH ?? '', HOME: join(image, 'data'), NODE_ENV: 'production' };
});
afterAll(() => rmSync(image, { recursive: true, force: true }));

const inImage = (line: readonly string[]) => line.map((word) => (word.startsWith('/app/') ? join(image, word) : word));
const options = () => ({ cwd: join(image, 'data'), env: environment });

describe('the Docker image', () => {
  it('runs as somebody with few rights, keeps its data in a volume, and copies what is there', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(instruction('VOLUME')).toBe('/data');
    expect(instruction('ENV')).toContain('HOME=/data');
    expect(existsSync(join(image, 'app/dist/cli.js'))).toBe(true);
    expect(existsSync(join(image, 'app/LICENSE'))).toBe(true);
  });

  it('does not start without a key, since others can reach it; with one it serves, is healthy, and ends when told to', async () => {
    const [node = '', ...entry] = inImage(words('ENTRYPOINT'));
    expect(node).toBe('node');
    const port = await freePort();
    const serve = [...entry, ...words('CMD'), '--port', String(port)];
    const refused = spawnSync(process.execPath, serve, options());
    expect([refused.status, String(refused.stderr)]).toEqual([2, expect.stringContaining('signalbox keys create')]);

    const made = spawnSync(process.execPath, [...entry, 'keys', 'create', 'laptop'], options());
    expect(String(made.stdout)).toMatch(/^sk-signalbox-/);
    const child = spawn(process.execPath, serve, { ...options(), stdio: 'pipe' });
    const ended = finished(child);
    await firstMatch(child.stderr, /serves on/);
    const [, check = '', program = ''] = words('HEALTHCHECK');
    const healthy = spawnSync(process.execPath, [check, program.replace('4141', String(port))], options());
    expect(healthy.status, String(healthy.stderr)).toBe(0);
    child.kill(instruction('STOPSIGNAL') as NodeJS.Signals);
    expect((await ended).code).toBe(0);
    const unwell = spawnSync(process.execPath, [check, program.replace('4141', String(port))], options());
    expect(unwell.status).toBe(1);
    expect(existsSync(join(image, 'data/.claude-code/signalbox-keys.db'))).toBe(true);
  });
});
