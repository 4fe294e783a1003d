import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.ts';
import { type BuiltProgram, buildProgram } from './built-program.ts';
import { createSandbox, type Sandbox } from './run-cli.ts';

const LINES = readFileSync(join(import.meta.dirname, 'seed-lines.txt'), 'utf8')
  .trim()
  .split('\n');

let built: BuiltProgram;
let sandbox: Sandbox;
const vendors: Record<string, Simulator> = {};

beforeAll(async () => {
  built = buildProgram();
  sandbox = createSandbox(built.command);
  for (const name of ['anthropic', 'openai', 'google']) vendors[name] = await startSimulator();
  sandbox.write('.claude-code/router-config.yml', configuration());
  for (const name of ['src/a.py', 'src/b.py']) sandbox.write(name, 'print(1)\n');
  for (const name of ['file1.js', 'file2.js', 'file3.js']) sandbox.write(name, 'x = 1\n');
}, 120_000);
beforeEach(() => {
  for (const one of Object.values(vendors)) one.reset();
});
afterAll(async () => {
  await Promise.all(Object.values(vendors).map((one) => one.close()));
  sandbox?.remove();
  built?.remove();
});

/** The specification's providers and models, each at a fake of its own. */
const configuration = () => `
providers:
  anthropic:
    endpoint: ${vendors.anthropic?.url}
    api_key: k
    models: { opus: claude-opus-4-20250514, sonnet: claude-sonnet-4-20250514, haiku: claude-haiku-4-5 }
    default: sonnet
  openai:
    endpoint: ${vendors.openai?.url}
    api_key: k
    models: { gpt4: gpt-4-turbo-preview, gpt35: gpt-3.5-turbo }
    default: gpt4
  google:
    endpoint: ${vendors.google?.url}
    api_key: k
    models: { pro: gemini-2.5-pro }
    default: pro
routing:
  strategy: best_for_task
  fallback_order: [anthropic, openai, google]
budget: { daily: 50.00 }
`;

/** Who has to be asked for a line: `provider model`, as the specification's remarks say it; of others any one will do. */
const ASKED: Readonly<Record<string, RegExp>> = {
  '--model claude-opus-4 "Complex task"': /^anthropic claude-opus-4-\S+$/,
  '--model gpt-4 "JSON generation task"': /^openai gpt-4$/,
  '--model claude-haiku-4 "Simple query"': /^anthropic claude-haiku-4-5\S*$/,
  '--provider openai "Task for GPT"': /^openai gpt-4-turbo-preview$/,
  '"Refactor this legacy codebase"': /^anthropic claude-opus/,
  '"List all Python files"': /^anthropic claude-haiku/,
  '"Generate OpenAPI spec"': /^openai gpt-4/,
  '"Fix typo in README"': /^anthropic claude-haiku/,
  '--provider-chain "anthropic,openai,google" "Build user dashboard"': /^anthropic claude-sonnet/,
  '--model claude-opus-4 "Refactor monolith to microservices"': /^anthropic claude-opus-4-\S+$/,
  '--model gpt-4 "Generate OpenAPI spec from these endpoints"': /^openai gpt-4$/,
  '--model claude-haiku-4 "Format this JSON file"': /^anthropic claude-haiku-4-5\S*$/,
  '--model gemini-pro "Analyze this architecture diagram"': /^google gemini-\S*pro\S*$/,
};

const program = createProgram('0.0.0', () => async () => undefined);
const isThere = (words: readonly string[]) =>
  words.every(
    (word) => !word.startsWith('--') || word === '--weekly' || program.options.some((option) => option.long === word),
  );

const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '').slice(1);

const asked = () =>
  Object.entries(vendors).flatMap(([name, { requests }]) =>
    requests.map(({ model, body }) => `${name} ${model ?? (body as { model?: string })?.model}`),
  );

const shared = process.env.SIGNALBOX_SHARED ?? join(import.meta.dirname, '../../../../shared');
const specification = join(shared, 'SEED.md');
if (!existsSync(specification)) console.warn(`skipped: comparison with the specification, which is not at ${shared}`);

describe('the command lines of the specification', () => {
  it.skipIf(!existsSync(specification))('are verbatim', () => {
    const lines = readFileSync(specification, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('claude-code '));
    expect(LINES).toEqual(lines);
  });

  for (const line of LINES) {
    const words = wordsOf(line);
    const there = isThere(words);
    if (!there) console.warn(`skipped: ${line}, which this program does not know`);
    it.skipIf(!there)(line.replace('claude-code', 'signalbox'), async () => {
      const { code, stdout, stderr } = await sandbox.run(words);
      expect(code, stderr).toBe(0);
      expect(stdout.trim(), stderr).not.toBe('');
      expect(stderr).not.toMatch(/^\s+at /m);
      if (['costs', 'stats'].includes(words[0] ?? '')) {
        expect(asked()).toEqual([]);
        return;
      }
      const told = asked();
      expect(told).not.toEqual([]);
      const wanted = ASKED[line.replace('claude-code ', '')];
      if (wanted !== undefined) for (const one of told) expect(one).toMatch(wanted);
      if (words.includes('--compare')) {
        expect(told.map((one) => one.split(' ')[0]).sort()).toEqual(expect.arrayContaining(['anthropic', 'openai']));
      }
      // One request for each file that the sentence names.
      if (words.includes('--parallel')) expect(told).toHaveLength(2);
    });
  }
});
