import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Versions = Readonly<Record<string, string>>;

/**
 * Installs packages from npm into a folder of their own, unless these very versions are there. `overrides`: versions of what they need
 * in their turn. Throws with npm's own words where that fails.
 */
export function installPackages(folder: string, packages: Versions, overrides?: Versions): void {
  mkdirSync(folder, { recursive: true });
  const described = { private: true, type: 'module', dependencies: packages, overrides };
  const manifest = `${JSON.stringify(described, null, 2)}\n`;
  const file = join(folder, 'package.json');
  const mark = join(folder, 'installed.json');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === manifest) return;
  writeFileSync(file, manifest);
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`npm install failed in ${folder}:\n${npm.stdout}\n${npm.stderr}`);
  writeFileSync(mark, manifest);
}

/** The version of a package that is there. */
export function installedVersion(folder: string, name: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
