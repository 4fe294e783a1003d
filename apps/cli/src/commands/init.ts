import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { RouterError } from '@signalbox/core';
import { configurationPath, existingConfiguration, writeConfiguration } from '../configuration/configuration-target.ts';
import { addToEnvFile } from '../configuration/env-file.ts';
import type { Answers } from '../init/ask.ts';
import { type Choice, choices, environmentHere, findOllama, ready, testKey } from '../init/find-providers.ts';
import { type FirstProvider, firstConfiguration } from '../init/first-configuration.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

export interface InitOptions {
  /** Ask nothing: the providers whose keys are there. */
  readonly yes: boolean;
  /** Instead of those whose keys are there. */
  readonly provider: readonly string[];
  readonly strategy?: string | undefined;
  readonly budgetDaily?: number | undefined;
  /** `false`: make no call. */
  readonly test: boolean;
  readonly force: boolean;
  /** For every project of this user. */
  readonly global?: boolean | undefined;
  readonly json: boolean;
}

interface Tested {
  readonly provider: string;
  readonly key: 'accepted' | 'refused' | 'missing' | 'not tested' | 'not needed';
  readonly detail: string;
}

/** Models of a local server to list: more make a line that nobody reads. */
const MOST_MODELS = 8;

/** `signalbox init`: a configuration to begin with. Keys go into `.env`, never into it; nothing is overwritten without being asked. */
export async function init(options: InitOptions): Promise<number> {
  const folder = options.global === true ? homedir() : process.cwd();
  const asks = !options.yes && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const existing = existingConfiguration(folder);
  if (existing !== undefined && !options.force && !asks) throw isThere(existing);
  const env = environmentHere(folder);
  const all = choices(env);
  const ollama = options.test ? await findOllama(env) : undefined;
  const answers = asks
    ? await askPerson(all, ollama !== undefined, options, existing)
    : unasked(all, ollama !== undefined, options);
  const tested = await testAll(answers, options.test && !asks);
  const target = existing ?? configurationPath(folder);
  const providers = answers.chosen.map((choice): FirstProvider => {
    if (!choice.definition.local) return { id: choice.id, variable: choice.variable };
    const usual = ollama === undefined || ollama.endpoint === choice.definition.defaultEndpoint;
    const models = ollama?.models.slice(0, MOST_MODELS);
    return {
      id: choice.id,
      endpoint: usual ? undefined : ollama.endpoint,
      models: models?.length === 0 ? undefined : models,
    };
  });
  writeConfiguration(target, firstConfiguration({ ...answers, providers }), existing !== undefined);
  const envFile = join(folder, '.env');
  const added = options.global === true ? [] : addToEnvFile(envFile, answers.typed);
  report({ target, added, tested, answers, folder, ollama }, options);
  return tested.some((one) => one.key === 'refused') ? EXIT.failure : EXIT.success;
}

async function askPerson(
  all: readonly Choice[],
  ollama: boolean,
  options: InitOptions,
  existing: string | undefined,
): Promise<Answers> {
  const { ask, confirmReplacing } = await import('../init/ask.ts');
  if (existing !== undefined && !options.force && !(await confirmReplacing(existing))) throw isThere(existing);
  return ask(all, ollama, options.test);
}

function unasked(all: readonly Choice[], ollama: boolean, options: InitOptions): Answers {
  const unknown = options.provider.find((name) => !all.some(({ id }) => id === name));
  if (unknown !== undefined) {
    const message = `There is no provider "${unknown}" to begin with; there are ${all.map(({ id }) => id).join(', ')}.`;
    throw new RouterError({ kind: 'usage', message });
  }
  const withKey = ready(all, ollama);
  const named = all.filter(({ id }) => options.provider.includes(id));
  const clouds = all.slice(0, 3);
  return {
    chosen: named.length > 0 ? named : withKey.length > 0 ? withKey : clouds,
    typed: new Map(),
    accepted: new Set(),
    strategy: options.strategy ?? 'best_for_task',
    budgetDaily: options.budgetDaily,
  };
}

function testAll({ chosen, typed, accepted }: Answers, test: boolean): Promise<readonly Tested[]> {
  return Promise.all(
    chosen.map(async ({ id, definition, variable, key }): Promise<Tested> => {
      if (variable === undefined) return { provider: id, key: 'not needed', detail: '' };
      if ((key ?? '') === '') {
        if (!typed.has(variable)) return { provider: id, key: 'missing', detail: `set ${variable}` };
        return { provider: id, key: accepted.has(variable) ? 'accepted' : 'not tested', detail: '' };
      }
      if (!test) return { provider: id, key: 'not tested', detail: '' };
      const { state, detail } = await testKey(definition, key);
      if (state === 'ok') return { provider: id, key: 'accepted', detail };
      return { provider: id, key: state === 'refused' ? 'refused' : 'not tested', detail };
    }),
  );
}

interface Outcome {
  readonly target: string;
  readonly added: readonly string[];
  readonly tested: readonly Tested[];
  readonly answers: Answers;
  readonly folder: string;
  readonly ollama: { readonly endpoint: string; readonly models: readonly string[] } | undefined;
}

function report(
  { target, added, tested, answers, folder, ollama }: Outcome,
  { json, global: everywhere }: InitOptions,
): void {
  if (json) {
    const shown = { written: target, variables: added, providers: tested, ollama: ollama ?? null };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return;
  }
  process.stdout.write(`Wrote ${target}.\n`);
  for (const { provider, key, detail } of tested) {
    const place =
      provider === 'local' && ollama !== undefined
        ? `${ollama.models.length} models at ${ollama.endpoint}`
        : `key ${key}`;
    if (key !== 'not tested' || detail !== '' || answers.typed.size > 0)
      say(`  ${provider}: ${place}${detail === '' ? '' : ` (${detail})`}`);
  }
  if (added.length > 0) say(`Keys went into ${join(folder, '.env')}: ${added.join(', ')}.`);
  if (everywhere === true && answers.typed.size > 0) {
    say(
      `Keys were not written: set ${[...answers.typed.keys()].join(', ')} in your shell, since a .env holds for one project.`,
    );
  }
  if (existsSync(join(folder, '.env')) && !isIgnored(folder)) {
    say(
      `Keep the keys out of version control: echo .env >> ${relative(process.cwd(), join(folder, '.gitignore')) || '.gitignore'}`,
    );
  }
  say('Next: signalbox doctor, then signalbox "your prompt"');
}

/** Whether the repository around a folder leaves `.env` out; true where there is none. */
function isIgnored(folder: string): boolean {
  let here = folder;
  while (!existsSync(join(here, '.git'))) {
    if (dirname(here) === here) return true;
    here = dirname(here);
  }
  return [here, folder].some((one) => {
    const file = join(one, '.gitignore');
    return (
      existsSync(file) &&
      readFileSync(file, 'utf8')
        .split(/\r?\n/)
        .some((line) => /^\/?(?:\*\*\/)?\.env(?:\*|\.\*)?\s*$/.test(line))
    );
  });
}

const isThere = (file: string) =>
  new RouterError({
    kind: 'usage',
    message: `${file} is there already, and init overwrites nothing: move it away, or use --force.`,
  });
