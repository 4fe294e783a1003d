import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packageFiles } from './package-files.ts';
import { PROVIDER_FORMATS } from './provider-formats.ts';
import { readWords } from './read-words.ts';

const HELP = `usage: npm create @signalbox/provider NAME -- [--format FORMAT] [--endpoint URL] [--folder FOLDER]

Writes a package for a Signalbox provider: sources, a test that runs the conformance suite, a catalogue slice, a README.

  NAME               small letters, digits and hyphens: acme, acme-cloud
  --format FORMAT    ${PROVIDER_FORMATS.map((one) => one.id).join(', ')}; default: openai-chat
  --endpoint URL     the vendor's base address; default: a placeholder
  --folder FOLDER    where to; default: signalbox-provider-NAME
  --help             this text
`;

export interface CommandContext {
  readonly cwd: string;
  /** ISO date, for the catalogue slice. */
  readonly date: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Runs the command with its words; the answer is the exit code. */
export function runCommand(words: readonly string[], { cwd, date, out, error }: CommandContext): number {
  const fail = (sentence: string, code = 2): number => {
    error(`create-provider: ${sentence}\n`);
    return code;
  };
  const read = readWords(words, 'folder', HELP);
  if ('problem' in read) return fail(read.problem);
  if ('help' in read) {
    out(read.help);
    return 0;
  }
  const { request } = read;
  const folder = resolve(cwd, read.folder ?? `signalbox-provider-${request.name.id}`);
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      return fail(`${folder} is there already and not empty.`, 1);
    for (const [path, text] of Object.entries(packageFiles(request, rangeOf, date))) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: 'wx' });
    }
  } catch (cause) {
    return fail(`can't write to ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`, 1);
  }
  out(
    `${folder}\n\nNext:\n  cd ${folder}\n  npm install\n  npm test\n\nThen say in src/index.ts what the vendor wants otherwise.\n`,
  );
  return 0;
}

/** The packages are published together with this one: its manifest knows their versions. */
function rangeOf(npmName: string): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const range = manifest.devDependencies[npmName];
  // In a checkout the manifest still says "workspace:^".
  return range === undefined || range.startsWith('workspace:') ? `^${manifest.version}` : range;
}
