import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { buildConfiguration } from './build-configuration.ts';
import type { Configuration } from './configuration.ts';
import { ConfigurationError, type ConfigurationIssue } from './configuration-error.ts';
import { findIn, findProject, findRepository, isInside, samePath, shownPath } from './configuration-files.ts';
import { defaultEntries } from './defaults.ts';
import { type ConfigurationEntry, mergeEntries, sourceFinder } from './entry.ts';
import { readEnvFiles } from './env-files.ts';
import { environmentEntries } from './environment.ts';
import { fileText } from './file-text.ts';
import { type ConfigurationOverrides, overrideEntries } from './overrides.ts';
import type { ParsedConfiguration } from './parse-configuration.ts';

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

interface FoundFile {
  readonly file: string;
  readonly label: string;
  readonly scope: 'project' | 'user';
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
  const shown = (path: string): string => shownPath(path, cwd, home);

  const found: FoundFile[] = [];
  if (options.file !== undefined) {
    const file = resolve(cwd, options.file);
    found.push({ file, label: shown(file), scope: scopeOfExplicit(file, cwd, home, project?.folder) });
  } else if (project?.file !== undefined) {
    found.push({ file: project.file, label: shown(project.file), scope: 'project' });
  }
  if (atHome?.file !== undefined && !found.some((one) => samePath(one.file, atHome.file ?? ''))) {
    found.push({ file: atHome.file, label: shown(atHome.file), scope: 'user' });
  }

  const issues: ConfigurationIssue[] = [];
  const warnings: string[] = [...envFiles.warnings];
  const contents = new Map<string, string>();
  const placesIn = new Map<string, ParsedConfiguration['placeOf']>();
  const fileLayers: (readonly ConfigurationEntry[])[] = [];
  const fileWarnings: string[][] = [];
  let definedProviders: readonly string[] = [];
  // The weakest file first: what it defines, a stronger one may name.
  for (const { file, label, scope } of found.toReversed()) {
    const text = readConfigurationFile(file, label, issues);
    if (text === undefined) continue;
    contents.set(file, text);
    // The schemas are not made where there is no file to check.
    const { parseConfiguration } = await import('./parse-configuration.ts');
    try {
      const parsed = parseConfiguration(text, {
        file,
        label,
        scope,
        env,
        definedProviders,
        providerNames: options.providerNames,
        providerTypes: options.providerTypes,
        strategyNames: options.strategyNames,
        warnOfPlainTextKeys: !(atHome?.file === file) && findRepository(dirname(file)) !== undefined,
      });
      fileLayers.unshift(parsed.entries);
      placesIn.set(file, parsed.placeOf);
      fileWarnings.unshift([...parsed.warnings]);
      definedProviders = [...definedProviders, ...Object.keys(parsed.configuration.providers)];
    } catch (error) {
      if (!ConfigurationError.is(error)) throw error;
      issues.unshift(...error.issues);
    }
  }

  const flags = overrideEntries(options.overrides ?? {}, options.strategyNames);
  const fromEnvironment = environmentEntries(options.env, 'environment', options.strategyNames);
  // A variable that the environment has, even an empty one, hides the same in .env.
  const onlyInFiles = Object.fromEntries(
    Object.entries(envFiles.values).filter(([name]) => options.env[name] === undefined),
  );
  const fromEnvFiles = environmentEntries(onlyInFiles, 'env-file', options.strategyNames);
  issues.unshift(...flags.issues, ...fromEnvironment.issues, ...fromEnvFiles.issues);
  if (issues.length > 0) throw new ConfigurationError(issues);

  for (const { ignored, file } of [project, atHome].filter((one) => one !== undefined)) {
    for (const other of ignored)
      warnings.push(`${shown(other)} is not read: there is a ${basename(file ?? '')} beside it.`);
  }
  const said = [...flags.entries, ...fromEnvironment.entries, ...fromEnvFiles.entries];
  warnings.push(...fileWarnings.flat());
  const entries = mergeEntries([said, ...fileLayers, defaultEntries]);
  const used = found.map((one) => one.file).filter((file) => contents.has(file));
  for (const [file, text] of envFiles.read) contents.set(file, text);
  return {
    configuration: buildConfiguration(entries),
    env,
    files: [...used, ...envFiles.read.keys()],
    projectFolder: project?.folder,
    warnings,
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
      const placeOf = entry?.source.kind === 'file' ? placesIn.get(entry.source.file) : undefined;
      if (entry === undefined || placeOf === undefined) return sourceFinder(entries)(goal.join('.'));
      return placeOf([...entry.written, ...goal.slice(entry.goal.length)], text);
    },
  };
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

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EISDIR', 'it is a folder, not a file'],
  ['EACCES', 'it may not be read'],
  ['EPERM', 'it may not be read'],
]);

function readConfigurationFile(file: string, label: string, issues: ConfigurationIssue[]): string | undefined {
  let reason: string;
  try {
    const read = fileText(readFileSync(file));
    if ('text' in read) return read.text;
    reason = read.problem;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    reason = REASONS.get(code) ?? code;
  }
  issues.push({
    file: label,
    line: 0,
    column: 0,
    path: '',
    message: `the configuration file can't be read: ${reason}`,
  });
  return undefined;
}

function withoutAbsent(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}
