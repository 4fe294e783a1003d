import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The folder in a project or a home that holds everything of ours. */
export const FOLDER = '.claude-code';

const CONFIGURATION_NAMES = ['router-config.yml', 'router-config.yaml', 'router-config.json'];

/** The user's own selector beside a configuration; which module system it is in is a matter of its content. */
const SCRIPT_NAMES = ['router.js', 'router.ts', 'router.mjs', 'router.cjs'];

/** What a project or home holds. */
export interface ConfigurationFolder {
  /** The project or home itself, without `.claude-code`. */
  readonly folder: string;
  readonly file?: string | undefined;
  /** Other configuration files that are passed over, because one is enough. */
  readonly ignored: readonly string[];
  readonly script?: string | undefined;
}

/** What a folder holds of ours, or undefined. */
export function findIn(folder: string): ConfigurationFolder | undefined {
  const [file, ...ignored] = CONFIGURATION_NAMES.map((name) => join(folder, FOLDER, name)).filter((one) =>
    existsSync(one),
  );
  const script = SCRIPT_NAMES.map((name) => join(folder, FOLDER, name)).find((one) => existsSync(one));
  return file === undefined && script === undefined ? undefined : { folder, file, ignored, script };
}

/** The nearest folder, from `cwd` upwards, that holds something of ours. The home and what is above it is no project. */
export function findProject(cwd: string, home: string): ConfigurationFolder | undefined {
  for (const folder of upwards(cwd)) {
    if (samePath(folder, home)) return undefined;
    const found = findIn(folder);
    if (found) return found;
  }
  return undefined;
}

/** The git repository that a folder is in, or undefined. */
export function findRepository(folder: string): string | undefined {
  return upwards(folder).find((one) => existsSync(join(one, '.git')));
}

function upwards(start: string): readonly string[] {
  const folders = [resolve(start)];
  for (let folder = folders[0] ?? start; dirname(folder) !== folder; ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

export function samePath(one: string, other: string): boolean {
  return resolve(one) === resolve(other) || real(one) === real(other);
}

/** Whether a path is in a folder, links resolved. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(real(folder), real(path));
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || resolve(way) === way);
}

/** A path as people see it: from the current folder, from the home, or whole. */
export function shownPath(path: string, cwd: string, home: string): string {
  const here = relative(cwd, path);
  if (here !== '' && !here.startsWith('..')) return here;
  const fromHome = relative(home, path);
  return fromHome !== '' && !fromHome.startsWith('..') ? `~/${fromHome}` : path;
}
