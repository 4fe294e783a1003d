import { readFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { type ImportNote, type ImportSource, importConfiguration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import { configurationPath, existingConfiguration, writeConfiguration } from '../configuration/configuration-target.ts';
import { addToEnvFile } from '../configuration/env-file.ts';
import { knownProviders } from '../configuration/known-providers.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

export interface ConfigImportOptions {
  readonly from?: ImportSource | undefined;
  readonly out?: string | undefined;
  /** Gets the keys that stood in the foreign file. */
  readonly keysTo?: string | undefined;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** `signalbox config import FILE`: another program's configuration becomes one of ours; what could not be carried is listed. */
export async function configImport(file: string, options: ConfigImportOptions): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new RouterError({
      kind: 'usage',
      message: `${file} can't be read (${error.code}): name the file to import.`,
    });
  });
  const imported = importConfiguration(text, { from: options.from, file: basename(file), providers: knownProviders });
  const { from, notes, secrets } = imported;
  const target = targetOf(options);
  const existing = existingConfiguration(process.cwd());
  // A file of another ending would hide, or be hidden by, the new one.
  if (options.out === undefined && existing !== undefined && existing !== target && !options.force && !options.dryRun) {
    throw new RouterError({
      kind: 'usage',
      message: `${existing} is there already: move it away, name another file with --out, or use --force.`,
    });
  }
  const moved = options.dryRun || options.keysTo === undefined ? [] : [...addKeys(target, options, imported)];
  if (!options.dryRun && options.keysTo === undefined) writeConfiguration(target, imported.text, options.force);
  const missing = imported.variables.filter((name) => !moved.includes(name) && !process.env[name]);
  if (options.json) {
    const written = options.dryRun ? null : target;
    const shown = { from, file, written, notes, variables: imported.variables, missing, configuration: imported.text };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return EXIT.success;
  }
  if (options.dryRun) process.stdout.write(imported.text);
  else process.stdout.write(`Wrote ${relative(process.cwd(), target)}, from the ${from} configuration ${file}.\n`);
  for (const outcome of ['changed', 'left out'] as const) {
    const found = notes.filter((note) => note.outcome === outcome);
    if (found.length > 0) say(`\n${HEADINGS[outcome]}\n${found.map(noteLines).join('\n')}`);
  }
  if (moved.length > 0) say(`\nKeys went into ${options.keysTo}: ${moved.join(', ')}. Keep it out of version control.`);
  if (missing.length > 0) {
    const inFile = missing.some((name) => secrets.has(name))
      ? ' (keys that stand in the file itself: --keys-to .env takes them over)'
      : '';
    say(`\nSet these before you use it: ${missing.join(', ')}${inFile}.`);
  }
  if (!options.dryRun) say('\nNext: signalbox doctor');
  return EXIT.success;
}

const HEADINGS = { changed: 'Carried, but not as it was:', 'left out': 'Could not be carried:' } as const;

const noteLines = ({ key, reason }: ImportNote) =>
  wrapped(`  ${key}: ${reason}`, terminalWidth(process.stderr), '    ');

function targetOf({ out }: ConfigImportOptions): string {
  return out === undefined ? configurationPath(process.cwd()) : resolve(out);
}

/** The configuration first: a file that may not be overwritten leaves `.env` alone as well. */
function addKeys(
  target: string,
  { keysTo = '', force }: ConfigImportOptions,
  imported: { readonly text: string; readonly secrets: ReadonlyMap<string, string> },
): readonly string[] {
  writeConfiguration(target, imported.text, force);
  return addToEnvFile(resolve(keysTo), imported.secrets);
}
