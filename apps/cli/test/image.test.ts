import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './free-port.ts';
import { finished, firstMatch } from './run-cli.ts';

// Docker is not asked: what the last stage of the Dockerfile copies and links is laid out in a folder, and its own command lines run there.
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
  for (const [, copied = ''] of last.matchAll(/^COPY --from=build (.*)$/gm)) {
    const [to = '', ...sources] = copied.split(' ').reverse();
    for (const source of sources) {
      const target = join(image, to.endsWith('/') ? join(to, basename(source)) : to);
      const from = source.replace(/^\/source\//, '');
      mkdirSync(dirname(target), { recursive: true });
      cpSync(from === 'apps/cli/dist' ? built : join(root, from), target, { recursive: true });
    }
  }
  rmSync(built, { recursive: true });
  for (const [, to = '', link = ''] of instruction('RUN').matchAll(/\bln -s (\S+) (\S+)/g)) {
    mkdirSync(dirname(join(image, link)), { recursive: true });
    symlinkSync(join(image, to), join(image, link));
  }
  mkdirSync(join(image, 'data'));
  // What the base image has on its PATH: the folder that links are made in, and Node.
  const path = [join(image, 'usr/local/bin'), dirname(process.execPath)].join(delimiter);
  environment = { PATH: path, HOME: join(image, 'data'), NODE_ENV: 'production' };
});
afterAll(() => rmSync(image, { recursive: true, force: true }));

const options = () => ({ cwd: join(image, 'data'), env: environment });

describe('the Docker image', () => {
  it('runs as somebody with few rights, keeps its data in a volume, and copies what is there', () => {
    expect(last).toMatch(/^USER node$/m);
    expect(instruction('VOLUME')).toBe('/data');
    expect(instruction('ENV')).toContain('HOME=/data');
    expect(existsSync(join(image, 'app/dist/cli.js'))).toBe(true);
    expect(existsSync(join(image, 'app/package.json'))).toBe(true);
    expect(existsSync(join(image, 'app/LICENSE'))).toBe(true);
    expect(instruction('RUN')).toContain('chown -R node:0 /data && chmod -R 770 /data');
  });

  it('has the program on its PATH, and a command after the image’s name is one of the program', () => {
    const [program = '', ...entry] = words('ENTRYPOINT');
    expect(existsSync(join(image, 'usr/local/bin', program)), program).toBe(true);
    const { version } = JSON.parse(readFileSync(join(root, 'apps/cli/package.json'), 'utf8'));
    const told = spawnSync(program, [...entry, '--version'], options());
    expect([told.error, told.status, String(told.stdout).trim()]).toEqual([undefined, 0, version]);
  });

  it('does not start without a key, since others can reach it; with one it serves, is healthy, and ends when told to', async () => {
    const [entry = '', ...first] = words('ENTRYPOINT');
    const port = await freePort();
    const serve = [...first, ...words('CMD'), '--port', String(port)];
    const refused = spawnSync(entry, serve, options());
    expect([refused.status, String(refused.stderr)]).toEqual([2, expect.stringContaining('signalbox keys create')]);

    const made = spawnSync(entry, [...first, 'keys', 'create', 'laptop'], options());
    expect(String(made.stdout)).toMatch(/^sk-signalbox-/);
    const child = spawn(entry, serve, { ...options(), stdio: 'pipe' });
    const ended = finished(child);
    await firstMatch(child.stderr, /serves on/);
    const [node = '', check = '', program = ''] = words('HEALTHCHECK');
    const asked = () => spawnSync(node, [check, program.replace('4141', String(port))], options());
    const healthy = asked();
    expect(healthy.status, String(healthy.stderr)).toBe(0);
    child.kill(instruction('STOPSIGNAL') as NodeJS.Signals);
    expect((await ended).code).toBe(0);
    expect(asked().status).toBe(1);
    expect(existsSync(join(image, 'data/.claude-code/signalbox-keys.db'))).toBe(true);
  });
});
