import { readFileSync } from 'node:fs';
import { ConfigurationError, type ConfigurationIssue } from './configuration-error.ts';
import type { ConfigurationEntry } from './entry.ts';
import { fileText } from './file-text.ts';
import type { ParsedConfiguration } from './parse-configuration.ts';
import type { ParseOptions } from './parse-options.ts';

/** A configuration file that counts. */
export interface FoundFile {
  readonly file: string;
  /** The path as people see it. */
  readonly label: string;
  readonly scope: 'project' | 'user';
}

/** What all files are read with. */
export interface FileReading extends Pick<ParseOptions, 'env' | 'providerNames' | 'providerTypes' | 'strategyNames'> {
  /** A key in plain text does no harm there. */
  isOutsideRepositories(file: string): boolean;
}

/** What stands in configuration files. */
export interface FileLayers {
  /** What each file says, the strongest first. */
  readonly layers: readonly (readonly ConfigurationEntry[])[];
  readonly warnings: readonly string[];
  /** The texts by path, of the files that could be read. */
  readonly contents: ReadonlyMap<string, string>;
  readonly placesIn: ReadonlyMap<string, ParsedConfiguration['placeOf']>;
  /** All that is wrong, in all files. */
  readonly issues: readonly ConfigurationIssue[];
}

/** Reads files that are given from the strongest to the weakest. */
export async function readFileLayers(found: readonly FoundFile[], options: FileReading): Promise<FileLayers> {
  const { isOutsideRepositories, env, providerNames, providerTypes, strategyNames } = options;
  const layers: (readonly ConfigurationEntry[])[] = [];
  const warnings: (readonly string[])[] = [];
  const contents = new Map<string, string>();
  const placesIn = new Map<string, ParsedConfiguration['placeOf']>();
  const issues: ConfigurationIssue[] = [];
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
        providerNames,
        providerTypes,
        strategyNames,
        warnOfPlainTextKeys: !isOutsideRepositories(file),
      });
      layers.unshift(parsed.entries);
      placesIn.set(file, parsed.placeOf);
      warnings.unshift(parsed.warnings);
      definedProviders = [...definedProviders, ...Object.keys(parsed.configuration.providers)];
    } catch (error) {
      if (!ConfigurationError.is(error)) throw error;
      issues.unshift(...error.issues);
    }
  }
  return { layers, warnings: warnings.flat(), contents, placesIn, issues };
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
