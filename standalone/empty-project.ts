import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder outside of the workspace, as a user's project begins: empty. */
export interface EmptyProject {
  readonly folder: string;
  write(path: string, text: string): void;
  /** `npm install …`. Throws when npm does not succeed. */
  install(...specs: readonly string[]): Promise<void>;
  /** Runs a program with arguments; never throws for its exit code. */
  run(command: string, words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Runs Node, and throws when the program does not succeed. Gives its stdout. */
  node(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Names of all packages that are installed. */
  installed(): readonly string[];
}

/** Variables of a project's programs: no key and no setting of the one who runs this. */
const KEPT =
  /^(?:path|home|userprofile|systemroot|comspec|pathext|temp|tmp|tmpdir|appdata|localappdata|npm_config_.*|https?_proxy|no_proxy|node_extra_ca_certs)$/i;
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name)));

/** Makes a project whose `@signalbox` packages come from a registry. */
export function createEmptyProject(folder: string, registry: string): EmptyProject {
  const home = join(folder, '.home');
  mkdirSync(home, { recursive: true });
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write('package.json', `${JSON.stringify({ name: 'program', version: '1.0.0', private: true, type: 'module' })}\n`);
  // In the environment: a project's .npmrc would not hold in a folder below it that has a manifest of its own.
  const npm = {
    'npm_config_@signalbox:registry': registry,
    // What others publish may come from npm's cache; ours never stays there.
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);

  function run(command: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const windows = process.platform === 'win32' && command !== process.execPath;
    const child = spawn(command, words, {
      cwd: folder,
      env: { ...inherited, ...npm, PATH: path, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a script there.
      shell: windows,
    });
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    child.stdout.on('data', (chunk: Uint8Array) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Uint8Array) => stderr.push(chunk));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) =>
        resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
      );
    });
  }

  const orThrow = (what: string, { code, stdout, stderr }: Ended) => {
    if (code !== 0) throw new Error(`${what} ended with ${code}: ${`${stdout}\n${stderr}`.trim().slice(-2_000)}`);
    return stdout;
  };

  return {
    folder,
    write,
    run,
    async install(...specs) {
      orThrow(`npm install ${specs.join(' ')}`, await run('npm', ['install', '--ignore-scripts', ...specs]));
    },
    async node(words, env = {}) {
      return orThrow(
        `node ${words.join(' ')}`,
        await run(process.execPath, words, { HOME: home, USERPROFILE: home, ...env }),
      );
    },
    installed: () => installedNames(join(folder, 'node_modules')),
  };
}

function installedNames(modules: string, scope = ''): readonly string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap(({ name }) =>
      name.startsWith('@')
        ? installedNames(join(modules, name), `${name}/`)
        : // A second copy of a package that stands deeper counts like any other.
          [`${scope}${name}`, ...installedNames(join(modules, name, 'node_modules'))],
    )
    .sort();
}
