import { basename, dirname, resolve } from 'node:path';
import { buildConfiguration } from './build-configuration.ts';
import type { Configuration } from './configuration.ts';
import { ConfigurationError } from './configuration-error.ts';
import {
  type ConfigurationFolder,
  findIn,
  findProject,
  findRepository,
  isInside,
  samePath,
  shownPath,
} from './configuration-files.ts';
import { defaultEntries } from './defaults.ts';
import { type ConfigurationEntry, mergeEntries, sourceFinder } from './entry.ts';
import { readEnvFiles } from './env-files.ts';
import { environmentEntries } from './environment.ts';
import { type ConfigurationOverrides, overrideEntries } from './overrides.ts';
import { type FoundFile, readFileLayers } from './read-file-layers.ts';

/** Where a configuration is looked for, and what it may name. */
export interface LoadOptions {
  /** The folder from which a project is looked for, upwards. */
  readonly cwd: string;
  /** The user's home. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A file to read instead of the project's (`--config`). */
  readonly file?: string | undefined;
  /** Settings from flags. */
  readonly overrides?: ConfigurationOverrides | undefined;
  /** Providers that exist; with it, names that no provider has are errors. */
  readonly providerNames?: readonly string[] | undefined;
  /** What `providers.*.type` may say; default: `providerNames`. */
  readonly providerTypes?: readonly string[] | undefined;
  /** Strategies beside the built-in ones; with it, other names are errors. */
  readonly strategyNames?: readonly string[] | undefined;
}

/** A configuration in effect, and where each part of it came from. */
export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** The process's environment over `.env` files. */
  readonly env: Record<string, string | undefined>;
  /** Paths of the files that were read, the strongest first: configurations, then `.env` files. */
  readonly files: readonly string[];
  /** The folder that holds the project's `.claude-code`, also when `--config` replaces its configuration. */
  readonly projectFolder?: string | undefined;
  /** Sentences for the user. */
  readonly warnings: readonly string[];
  /** The project's `.claude-code/router.js` (or `.ts`, `.mjs`, `.cjs`: the first that is there); it needs trust. */
  readonly projectScript?: string | undefined;
  /** The user's own `~/.claude-code/router.js`. */
  readonly homeScript?: string | undefined;
  /** What won for each setting, with its source; defaults included. */
  readonly entries: readonly ConfigurationEntry[];
  /** Path of the `.env` file by the name of a variable that came from one that is the project's. */
  readonly projectVariables: ReadonlyMap<string, string>;
  /** The text of a file as it was read: what has to be trusted. */
  contentOf(file: string): string | undefined;
  /**
   * Where a value came from: `flag`, `environment CLAUDE_CODE_DAILY_BUDGET`, `.env`, `router-config.yml:12:3`, `default`. The path
   * is one of `Configuration` (`routing.strategy`) or of a file (`router.default_model`).
   */
  sourceOf(path: string): string;
  /**
   * The place of a part of a value, by its path in `Configuration`: `router-config.yml:12:3 routing.rules[1].model`; where it is from no file, like `sourceOf`. `text`:
   * the part is below the path and says this.
   */
  placeOf(goal: readonly (string | number)[], text?: string): string;
}

/**
 * Finds and reads everything that configures the router. Flags are stronger than the environment, that than `.env`, than the
 * project's file (or `file`), than the home's. Throws ConfigurationError with all that is wrong, in all files.
 */
export async function loadConfiguration(options: LoadOptions): Promise<LoadedConfiguration> {
  const cwd = resolve(options.cwd);
  const home = resolve(options.home);
  const project = findProject(cwd, home);
  const atHome = findIn(home);
  const envFiles = readEnvFiles([cwd, ...(project ? [project.folder] : [])]);
  const env = { ...envFiles.values, ...withoutAbsent(options.env) };

  const found = configurationFiles(options, { cwd, home, project, atHome });
  const read = await readFileLayers(found, {
    ...options,
    env,
    isOutsideRepositories: (file) => file === atHome?.file || findRepository(dirname(file)) === undefined,
  });

  const flags = overrideEntries(options.overrides ?? {}, options.strategyNames);
  const fromEnvironment = environmentEntries(options.env, 'environment', options.strategyNames);
  // A variable that the environment has, even an empty one, hides the same in .env.
  const onlyInFiles = Object.fromEntries(
    Object.entries(envFiles.values).filter(([name]) => options.env[name] === undefined),
  );
  const fromEnvFiles = environmentEntries(onlyInFiles, 'env-file', options.strategyNames);
  const issues = [...flags.issues, ...fromEnvironment.issues, ...fromEnvFiles.issues, ...read.issues];
  if (issues.length > 0) throw new ConfigurationError(issues);

  const passedOver = [project, atHome].flatMap((one) =>
    (one?.ignored ?? []).map(
      (other) => `${shownPath(other, cwd, home)} is not read: there is a ${basename(one?.file ?? '')} beside it.`,
    ),
  );
  const said = [...flags.entries, ...fromEnvironment.entries, ...fromEnvFiles.entries];
  const entries = mergeEntries([said, ...read.layers, defaultEntries]);
  const contents = new Map([...read.contents, ...envFiles.read]);
  return {
    configuration: buildConfiguration(entries),
    env,
    files: [...found.map((one) => one.file).filter((file) => read.contents.has(file)), ...envFiles.read.keys()],
    projectFolder: project?.folder,
    warnings: [...envFiles.warnings, ...passedOver, ...read.warnings],
    projectScript: project?.script,
    homeScript: atHome?.script,
    entries,
    projectVariables: new Map(
      [...envFiles.files].filter(([name, file]) => options.env[name] === undefined && !samePath(dirname(file), home)),
    ),
    contentOf: (file) => contents.get(resolve(file)),
    sourceOf: sourceFinder(entries),
    placeOf(goal, text) {
      const entry = entries.find((one) => one.goal.every((segment, index) => segment === goal[index]));
      const placeOf = entry?.source.kind === 'file' ? read.placesIn.get(entry.source.file) : undefined;
      if (entry === undefined || placeOf === undefined) return sourceFinder(entries)(goal.join('.'));
      return placeOf([...entry.written, ...goal.slice(entry.goal.length)], text);
    },
  };
}

interface Folders {
  readonly cwd: string;
  readonly home: string;
  readonly project: ConfigurationFolder | undefined;
  readonly atHome: ConfigurationFolder | undefined;
}

/** The files that count, the strongest first: the project's, or the one that was named, then the home's. */
function configurationFiles({ file }: LoadOptions, { cwd, home, project, atHome }: Folders): readonly FoundFile[] {
  const found: FoundFile[] = [];
  const add = (path: string, scope: FoundFile['scope']) =>
    found.push({ file: path, label: shownPath(path, cwd, home), scope });
  if (file !== undefined) {
    const named = resolve(cwd, file);
    add(named, scopeOfExplicit(named, cwd, home, project?.folder));
  } else if (project?.file !== undefined) add(project.file, 'project');
  const own = atHome?.file;
  if (own !== undefined && !found.some((one) => samePath(one.file, own))) add(own, 'user');
  return found;
}

/** `--config` is the user's own choice unless the file came with the project (or repository, or folder) that one works in. */
function scopeOfExplicit(
  file: string,
  cwd: string,
  home: string,
  projectFolder: string | undefined,
): 'project' | 'user' {
  const folder = projectFolder ?? findRepository(cwd) ?? cwd;
  return !samePath(folder, home) && isInside(file, folder) ? 'project' : 'user';
}

function withoutAbsent(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
