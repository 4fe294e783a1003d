import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from './run-cli.ts';

const entry = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const run = promisify(execFile);

/** Real shells; one that is not installed is skipped, loudly. */
const has = (shell: string) => {
  const found = spawnSync(shell, ['--version']).status === 0;
  if (!found) console.warn(`skipped: the completion of ${shell}, which is not installed`);
  return found;
};
const SHELLS = { bash: has('bash'), zsh: has('zsh'), fish: has('fish'), pwsh: has('pwsh') };

let sandbox: Sandbox;
let env: Record<string, string>;
beforeEach(() => {
  sandbox = createSandbox();
  const bin = join(sandbox.home, 'bin');
  mkdirSync(bin);
  const program = join(bin, 'signalbox');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" --conditions=@signalbox/source "${entry}" "$@"\n`);
  chmodSync(program, 0o755);
  env = { PATH: `${bin}:${process.env.PATH}`, HOME: sandbox.home, TERM: 'dumb' };
  sandbox.write(
    '.claude-code/router-config.yml',
    'providers:\n  openai: { api_key: k, models: [gpt-4-turbo] }\n  lab: { type: ollama, endpoint: "http://127.0.0.1:1", models: ["mistral:7b"] }\nrouting:\n  chains: { thrifty: [openai.gpt4] }\nmodels: { quick: gpt-4-turbo }\n',
  );
});
afterEach(() => sandbox.remove());

/** What a shell offers for a line, sorted. */
type Offer = (line: string) => Promise<readonly string[]>;

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
    .filter((line) => line !== '')
    .sort();
const shell = async (program: string, args: readonly string[]) =>
  lines((await run(program, args, { cwd: sandbox.project, env })).stdout);

const scripts = new Map<string, Promise<string>>();

/** The script of a shell, as it is loaded there: a file. It is the same for every line, so that the program is asked for it once. */
async function scriptOf(name: string): Promise<string> {
  const asked = scripts.get(name) ?? run('signalbox', ['completion', name], { env }).then(({ stdout }) => stdout);
  scripts.set(name, asked);
  return sandbox.write(`completion.${name}`, await asked);
}

const bash: Offer = async (line) =>
  shell('bash', [
    '-c',
    'source "$2"; complete -p signalbox >/dev/null || exit 1; COMP_LINE=$1 COMP_POINT=${#1}; _signalbox_complete; printf "%s\\n" "${COMPREPLY[@]}"',
    'bash',
    line,
    await scriptOf('bash'),
  ]);

const fish: Offer = async (line) =>
  shell('fish', ['--no-config', '-c', 'source $argv[2]; complete -C $argv[1]', line, await scriptOf('fish')]);

/** Zsh completes only in its line editor; the function is the real one, its two outlets write what they get. */
const zsh: Offer = async (line) =>
  shell('zsh', [
    '-f',
    '-c',
    `compdef() { : }; _describe() { print -rl -- "\${(@P)4}" | sed -E 's/([^\\\\]):.*/\\1/' }; _files() { print -r -- FILES }
     source $2; words=("\${(@Q)\${(z)1}}"); [[ $1 == *' ' ]] && words+=(''); CURRENT=\${#words}; _signalbox`,
    'zsh',
    line,
    await scriptOf('zsh'),
  ]);

describe.each([
  ['bash', SHELLS.bash, bash],
  ['zsh', SHELLS.zsh, zsh],
  ['fish', SHELLS.fish, fish],
] as const)('%s', (name, isThere, offer) => {
  it.skipIf(!isThere)('completes commands, options and names of the configuration', async () => {
    expect(await offer('signalbox cos')).toEqual(['costs']);
    expect(await offer('signalbox costs ')).toEqual(expect.arrayContaining(['export', 'show']));
    expect(await offer('signalbox --provider ')).toEqual(['lab', 'openai']);
    expect(await offer('signalbox chat --model q')).toEqual(['quick']);
  });

  it.skipIf(!isThere)('completes a name with a colon in it, and lists', async () => {
    // Bash has "mistral:" on its line already and wants what comes behind.
    const colon = await offer('signalbox --model mistral:');
    expect(colon).toEqual([name === 'bash' ? '7b' : name === 'zsh' ? 'mistral\\:7b' : 'mistral:7b']);
    expect(await offer('signalbox --provider-chain openai,l')).toEqual(['openai,lab']);
  });
});

describe.skipIf(!SHELLS.pwsh)('powershell', () => {
  it('completes commands', async () => {
    const script =
      'signalbox completion powershell | Out-String | Invoke-Expression; (TabExpansion2 "signalbox cos" 13).CompletionMatches.CompletionText';
    expect(await shell('pwsh', ['-NoProfile', '-Command', script])).toEqual(['costs']);
  });
});

describe('what the scripts ask', () => {
  const asked = async (...words: string[]) => lines((await sandbox.run(['__complete', ...words])).stdout);

  it('offers files where a file belongs, and nothing where anything may stand', async () => {
    expect(await asked('--', '--image', '')).toEqual([':files']);
    expect(await asked('--', 'config', 'import', '')).toEqual([':files']);
    expect(await asked('--', '--system', '')).toEqual([]);
    expect(await asked('--', 'costs', 'export', '--format', '')).toEqual(['csv', 'jsonl']);
    expect(await asked('--', 'costs', 'export', '--format=c')).toEqual(['--format=csv']);
  });

  it('reads a line with quotes, and leaves out what was said', async () => {
    expect(await asked('--line', 'signalbox --system "be \\"brief\\" --json" --mod')).toEqual(['--mode', '--model']);
    expect(await asked('--', 'models', '--all', '--al')).toEqual([]);
    expect(await asked('--', '--strategy', 'cost')).toEqual(['cost_optimized']);
    expect(await asked('--', '--chain', '')).toEqual(['thrifty']);
  });

  it('is no failure where the configuration is broken', async () => {
    sandbox.write('.claude-code/router-config.yml', 'providers: [');
    const { code, stderr } = await sandbox.run(['__complete', '--', '--provider', '']);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('an unknown shell is a mistake in one sentence', async () => {
    const { code, stderr } = await sandbox.run(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/tcsh.*bash, zsh, fish, powershell/);
  });
});
