import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ProviderDefinition, RouterError } from '@signalbox/core';
import { packageEntry } from './package-entry.ts';

/**
 * Loads a third party's provider: a package that exports a ProviderDefinition as `default` or `provider`. It is looked for from
 * the folder of the configuration file that names it. The caller has made sure that the file is trusted: this runs its code.
 * Throws RouterError `configuration`.
 */
export async function loadProviderPackage(name: string, configurationFile: string): Promise<ProviderDefinition> {
  const fail = (reason: string, cause?: unknown) =>
    new RouterError({
      kind: 'configuration',
      message: `The provider package "${name}" (${configurationFile}) ${reason}.`,
      cause,
    });
  const path = packageEntry(name, configurationFile);
  if (path === undefined) {
    const folder = dirname(configurationFile).replace(/[\\/]\.claude-code$/, '');
    throw fail(`is not installed: run npm install ${name} in ${folder}`);
  }
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw fail(`could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const definition = exported.provider ?? exported.default;
  if (!isProviderDefinition(definition))
    throw fail('exports no provider: it needs an export "provider" made by defineProvider');
  if (definition.contract !== 1) {
    throw fail(`has contract version ${String(definition.contract)}; this version of Signalbox takes 1`);
  }
  return definition;
}

function isProviderDefinition(value: unknown): value is ProviderDefinition {
  return typeof value === 'object' && value !== null && 'contract' in value && 'create' in value && 'format' in value;
}
