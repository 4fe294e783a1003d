import { type ChildProcess, spawn } from 'node:child_process';
import { RouterError } from '@signalbox/core';
import type { Hooks } from '@signalbox/router';
import { SCRIPT_LOADER } from './script-loader.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface HookModuleOptions {
  /** Path of the file, for its imports and for messages. */
  readonly file: string;
  /** Its text, as it was trusted. */
  readonly text: string;
  /** Milliseconds that one question may take; default 2,000. */
  readonly timeoutMs?: number | undefined;
  /** Megabytes of heap; default 128. */
  readonly heapMb?: number | undefined;
}

/** A user's hooks in a process of their own. */
export interface HookModule {
  /** Those that the module has. */
  readonly hooks: Pick<Hooks, 'onRequest' | 'onText' | 'onResponse'>;
  close(): Promise<void>;
}

const NAMES = ['onRequest', 'onText', 'onResponse'] as const;
type HookName = (typeof NAMES)[number];

const TIMEOUT_MS = 2_000;
const HEAP_MB = 128;
/** Milliseconds that the module may take to load. */
const LOADING_MS = 15_000;
/** No question has this number. */
const SIGN_OF_LIFE = 0;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly values: readonly unknown[];
  readonly patienceMs: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  /** The process before was stuck in another's question. */
  again: boolean;
  timer?: NodeJS.Timeout;
}

/** Asked under `name`: a hook, or what the process itself knows. */
interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  /** The name of what was thrown. */
  readonly fault?: string | undefined;
}

/**
 * Loads a user's module: CommonJS, ESM or TypeScript by its content. It has a process of its own, without keys in its environment: a hook that loops or takes too much memory
 * is killed with it, and a new one is started. A question that is late fails alone: as long as the process says anything it goes on, and those who only waited behind one that
 * loops are asked again, once. Throws RouterError `configuration` where it can't be loaded or has no hook.
 */
export async function loadHookModule(options: HookModuleOptions): Promise<HookModule> {
  const { file, text, timeoutMs = TIMEOUT_MS, heapMb = HEAP_MB } = options;
  const waiting = new Map<number, Question>();
  let child: ChildProcess | undefined;
  let questions = 0;
  /** Messages of this process so far, and when it was started. */
  let heard = 0;
  let startedAt = 0;

  function settle({ id, answer, fault }: Answer): void {
    const one = waiting.get(id);
    if (one === undefined) return;
    clearTimeout(one.timer);
    waiting.delete(id);
    if (fault === undefined) one.resolve(answer);
    else one.reject(named(fault));
  }

  function end(): void {
    const old = child;
    child = undefined;
    old?.kill('SIGKILL');
  }

  function giveUp(fault: string): void {
    end();
    for (const id of [...waiting.keys()]) settle({ id, fault });
  }

  /** Whose question it was has been told; the others are not to blame for it. */
  function startAnew(): void {
    end();
    for (const one of [...waiting.values()]) {
      if (one.again) settle({ id: one.id, fault: 'Timeout' });
      else {
        clearTimeout(one.timer);
        one.again = true;
        put(one);
      }
    }
  }

  function start(): ChildProcess {
    const started = spawn(
      process.execPath,
      ['--no-warnings', `--max-old-space-size=${heapMb}`, '--eval', HOOK_PROGRAM],
      { env: withoutSecrets(process.env), stdio: ['ignore', 'pipe', 'pipe', 'ipc'], serialization: 'advanced' },
    );
    for (const said of [started.stdout, started.stderr]) {
      said?.on('data', (chunk: Uint8Array) => process.stderr.write(chunk));
    }
    started.on('message', (message: Answer) => {
      if (child === started) heard += 1;
      settle(message);
    });
    const ended = () => {
      if (child === started) giveUp('ProcessEnded');
    };
    started.on('error', ended);
    started.on('close', ended);
    heard = 0;
    startedAt = performance.now();
    started.send({ file, text });
    started.send({ id: SIGN_OF_LIFE, name: 'ping' });
    return started;
  }

  /** Asks the process. Half way through its time it is asked for a sign of life: one that is late and has brought none is stuck. */
  function put(question: Question): void {
    child ??= start();
    const asked = child;
    const { id, name, values, patienceMs } = question;
    const lookAgain = () => {
      const before = heard;
      asked.send({ id: SIGN_OF_LIFE, name: 'ping' }, () => undefined);
      question.timer = setTimeout(() => {
        // One that has not said anything yet may still be starting.
        const isUp = heard > 0 || performance.now() - startedAt > LOADING_MS;
        const isStuck = child === asked && heard === before && isUp;
        settle({ id, fault: 'Timeout' });
        if (isStuck) startAnew();
      }, patienceMs / 2);
    };
    question.timer = setTimeout(lookAgain, patienceMs / 2);
    asked.send({ id, name, values }, (error) => {
      if (error !== null && child === asked) settle({ id, fault: error.name });
    });
  }

  function ask(name: string, values: readonly unknown[], patienceMs: number): Promise<unknown> {
    questions += 1;
    const id = questions;
    return new Promise((resolve, reject) => {
      const question: Question = { id, name, values, patienceMs, resolve, reject, again: false };
      waiting.set(id, question);
      put(question);
    });
  }

  const has = (await ask('names', [], LOADING_MS).catch((error: Error) => {
    giveUp('Closed');
    throw new RouterError({
      kind: 'configuration',
      message: `The hooks ${file} can't be loaded: ${error.name}${error.message === '' ? '' : `, ${error.message}`}.`,
    });
  })) as readonly HookName[];
  if (has.length === 0) {
    giveUp('Closed');
    const message = `The hooks ${file} export none of ${NAMES.join(', ')}: see docs/hooks.md.`;
    throw new RouterError({ kind: 'configuration', message });
  }
  return {
    hooks: Object.fromEntries(has.map((name) => [name, (...values: unknown[]) => ask(name, values, timeoutMs)])),
    async close() {
      const old = child;
      giveUp('Closed');
      if (old !== undefined && old.exitCode === null && old.signalCode === null) {
        await new Promise((resolve) => old.once('close', resolve));
      }
    },
  };
}

function named(fault: string): Error {
  const [name = 'Error', ...words] = fault.split('\n');
  const error = new Error(words.join(' '));
  error.name = name;
  return error;
}

/** The program of the process. Of what a hook throws it tells the name alone; of a module that can't be loaded all, since no prompt was there yet. */
const HOOK_PROGRAM = String.raw`${SCRIPT_LOADER}
const NAMES = ${JSON.stringify(NAMES)};
let loaded;
process.on('message', async ({ id, name, values, file, text }) => {
  if (text !== undefined) {
    loaded = load(file, text);
    loaded.catch(() => {});
    return;
  }
  try {
    if (name === 'ping') return process.send({ id });
    const exported = await loaded;
    const of = (one) => [exported, exported.default].find((from) => from && typeof from[one] === 'function');
    if (name === 'names') return process.send({ id, answer: NAMES.filter(of) });
    const answer = await of(name)[name](...values);
    process.send({ id, answer });
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    process.send({ id, fault: name === 'names' && error instanceof Error ? kind + '\n' + error.message : kind });
  }
});
`;
