import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { estimateTokens } from '@signalbox/core';
import { analyseTask } from '@signalbox/task-analysis';
import { SCRIPT_PROGRAM, TOO_MUCH_MEMORY } from './script-program.ts';
import { withoutSecrets } from './without-secrets.ts';

/** What a script is told beside the prompt. Plain values: they go to another process. */
interface ScriptContext {
  /** Dollars left of today's budget; absent: there is none, and the script sees Infinity. */
  readonly remainingBudget?: number | undefined;
  readonly task: unknown;
  readonly candidates: readonly unknown[];
}

/** A script's word: a model's name, nothing, or why there is none. */
interface ScriptAnswer {
  readonly model?: string | undefined;
  readonly fault?: string | undefined;
}

/** A user's `router.js` in a process of its own. */
export interface ModelScript {
  readonly file: string;
  /** Never throws: what goes wrong in the script is its answer. */
  select(prompt: string, context: ScriptContext): Promise<ScriptAnswer>;
  close(): Promise<void>;
}

/** A user's `router.js`, and the bounds in which it runs. */
export interface ModelScriptOptions {
  /** Path of the file, for its imports and for messages. */
  readonly file: string;
  /** Its text, as it was trusted. */
  readonly text: string;
  /** Milliseconds that an answer may take; default 2,000. */
  readonly timeoutMs?: number | undefined;
  /** Megabytes of heap; default 64. The process may grow by 128 more, buffers among them. */
  readonly heapMb?: number | undefined;
}

const TIMEOUT_MS = 2_000;
const HEAP_MB = 64;
/** Megabytes by which the process may grow beside its heap: what V8 itself needs for a full one, and buffers. */
const BESIDE_HEAP_MB = 128;

interface Waiting {
  readonly resolve: (answer: ScriptAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Runs a user's script: CommonJS, ESM or TypeScript by its content. The process starts with the first question and stays; one that takes too
 * long or too much memory is killed, and the next question starts a new one. What the script prints goes to stderr. A thread would not
 * do: one that runs out of memory can take the whole program with it, and does not always end when it is told to (Node 24).
 */
export function createModelScript(options: ModelScriptOptions): ModelScript {
  const { file, text, timeoutMs = TIMEOUT_MS, heapMb = HEAP_MB } = options;
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let questions = 0;

  function settle(id: number, answer: ScriptAnswer): void {
    const one = waiting.get(id);
    if (one === undefined) return;
    clearTimeout(one.timer);
    waiting.delete(id);
    one.resolve(answer);
  }

  function giveUp(fault: string): void {
    const old = child;
    child = undefined;
    old?.kill('SIGKILL');
    for (const id of [...waiting.keys()]) settle(id, { fault });
  }

  function start(): ChildProcess {
    const words = [
      '--no-warnings',
      `--max-old-space-size=${heapMb}`,
      '--eval',
      SCRIPT_PROGRAM,
      String(heapMb + BESIDE_HEAP_MB),
    ];
    const started = spawn(process.execPath, words, {
      env: withoutSecrets(process.env),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
    });
    const pipes: readonly unknown[] = started.stdio;
    const [, printed, complained, , asked, answered] = pipes as readonly (Readable & Writable)[];
    let outOfMemory = false;
    let outOfBuffers = false;
    printed?.on('data', (chunk: Uint8Array) => process.stderr.write(chunk));
    complained?.on('data', (chunk: Uint8Array) => {
      // V8's last words are a page of its own state: the sentence in the decision says enough.
      outOfBuffers ||= String(chunk).includes(TOO_MUCH_MEMORY);
      outOfMemory ||= outOfBuffers || /<--- Last few GCs|heap limit|heap out of memory/.test(String(chunk));
      if (!outOfMemory) process.stderr.write(chunk);
    });
    createInterface({ input: asked as Readable }).on('line', (line) => {
      const { what, value } = JSON.parse(line) as { what: string; value: string };
      const answer = what === 'tokens' ? estimateTokens(value) : analyseTask(value).complexity;
      answered?.write(`${JSON.stringify(answer)}\n`);
    });
    for (const pipe of [asked, answered]) pipe?.on('error', () => {});
    started.on('message', ({ id, model, fault }: ScriptAnswer & { readonly id: number }) =>
      settle(id, { model, fault }),
    );
    const ended = (why: string) => {
      if (child === started) giveUp(why);
    };
    started.on('error', (error) => ended(error.message));
    started.on('close', () =>
      ended(
        outOfMemory ? `took more than ${heapMb + (outOfBuffers ? BESIDE_HEAP_MB : 0)} MB of memory` : 'ended itself',
      ),
    );
    return started;
  }

  return {
    file,
    select(prompt, context) {
      child ??= start();
      const asked = child;
      questions += 1;
      const id = questions;
      return new Promise((resolve) => {
        const late = () => giveUp(`took longer than ${timeoutMs / 1_000} s`);
        waiting.set(id, { resolve, timer: setTimeout(late, timeoutMs) });
        asked.send({ id, file, text, prompt, context }, (error) => {
          if (error !== null) settle(id, { fault: error.message });
        });
      });
    },
    async close() {
      const old = child;
      giveUp('was closed');
      if (old !== undefined && old.exitCode === null && old.signalCode === null) {
        await new Promise((resolve) => old.once('close', resolve));
      }
    },
  };
}
