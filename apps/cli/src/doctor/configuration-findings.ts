import { homedir } from 'node:os';
import { ConfigurationError, createTrustStore, type LoadedConfiguration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import { loadConfigurationHere, projectUses } from '../configuration/load-router.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

export interface ConfigurationFindings {
  readonly findings: readonly Finding[];
  /** Absent where it can't be read. */
  readonly loaded?: LoadedConfiguration | undefined;
  /** Whether keys may be used as the project's files want it. */
  readonly trusted: boolean;
}

/** Reads the configuration of this folder, and asks whether what needs trust has it. */
export async function configurationFindings(file: string | undefined): Promise<ConfigurationFindings> {
  const loaded = await loadConfigurationHere({ config: file }).catch((error: unknown) => {
    if (RouterError.is(error)) return error;
    throw error;
  });
  if (RouterError.is(loaded)) {
    const lines = ConfigurationError.is(loaded) ? loaded.message.split('\n') : [loaded.message];
    return {
      findings: lines.map((line) =>
        problem('configuration', line, 'correct the file; signalbox config validate checks it again'),
      ),
      trusted: false,
    };
  }
  const files =
    loaded.files.length === 0 ? 'no file: defaults, and the keys in the environment' : loaded.files.join(', ');
  const findings: Finding[] = [ok('configuration', files)];
  for (const sentence of loaded.warnings) {
    findings.push(warning('configuration', sentence.replace(/\.$/, ''), 'docs/configuration.md says what holds'));
  }
  const untrusted = await untrustedFindings(loaded);
  return { findings: [...findings, ...untrusted.findings], loaded, trusted: untrusted.refuses === false };
}

async function untrustedFindings(loaded: LoadedConfiguration) {
  const store = createTrustStore({ home: homedir() });
  const uses = projectUses(loaded);
  const findings: Finding[] = [];
  let refuses = false;
  for (const use of uses) {
    if (await store.isTrusted(use.file, loaded.contentOf(use.file) ?? (await textOf(use.file)))) continue;
    // A script that is not trusted is left alone, and everything works without it.
    const isScript = use.file === loaded.projectScript;
    if (!isScript) refuses = true;
    const found = isScript ? warning : problem;
    findings.push(
      found(
        'trust',
        `${use.file} is not trusted, and it ${use.reason}`,
        'read the file; if you agree: signalbox trust',
      ),
    );
  }
  if (findings.length === 0) {
    findings.push(ok('trust', uses.length === 0 ? 'nothing here needs it' : 'what needs it has it'));
  }
  return { findings, refuses };
}

async function textOf(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8').catch(() => '');
}
