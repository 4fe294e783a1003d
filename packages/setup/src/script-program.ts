import { SCRIPT_LOADER } from './script-loader.ts';

/** What that program writes to stderr before it ends itself: V8's bound on the heap knows nothing of buffers. */
export const TOO_MUCH_MEMORY = 'signalbox: the script took too much memory';

/** The thread that looks after the memory of that process. */
const WATCH = `
const { writeSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
setInterval(() => {
  if (process.memoryUsage.rss() <= workerData) return;
  writeSync(2, '${TOO_MUCH_MEMORY}');
  process.kill(process.pid, 'SIGKILL');
}, 25);
`;

/**
 * The program of the process in which a user's script runs, as text: a bundle has no second file to start one from. Plain JavaScript, CommonJS.
 * It loads the script as what its content says it is, gives it `analyzeComplexity` and `estimateTokens` as globals (the parent answers
 * them over two pipes while this process waits), and calls `selectModel`. Its first argument is how many megabytes the process may grow by; a thread looks after that, since a script
 * that fills buffers in a loop lets nothing else of its own thread run.
 */
export const SCRIPT_PROGRAM = String.raw`${SCRIPT_LOADER}
const { readSync, writeSync } = require('node:fs');
const QUESTIONS = 4;
const ANSWERS = 5;
const { Worker } = require('node:worker_threads');
new Worker(${JSON.stringify(WATCH)}, { eval: true, workerData: process.memoryUsage.rss() + Number(process.argv[1]) * 2 ** 20 }).unref();
const moment = new Int32Array(new SharedArrayBuffer(4));

/** A question of which the answer is needed at once. The pipes may be set not to block: then it looks again after a moment. */
function ask(what, value) {
  let left = Buffer.from(JSON.stringify({ what, value: String(value) }) + '\n');
  while (left.length > 0) left = left.subarray(patiently(() => writeSync(QUESTIONS, left)));
  let answer = '';
  const chunk = Buffer.alloc(256);
  while (!answer.endsWith('\n')) answer += chunk.toString('utf8', 0, patiently(() => readSync(ANSWERS, chunk)));
  return JSON.parse(answer);
}

function patiently(attempt) {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(moment, 0, 0, 1);
    }
  }
}

globalThis.analyzeComplexity = (task) => ask('complexity', task);
globalThis.estimateTokens = (task) => ask('tokens', task);

function kindOf(value) {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : 'a ' + typeof value;
}

let loaded;
process.on('message', async ({ id, file, text, prompt, context }) => {
  try {
    loaded ??= load(file, text);
    const exported = await loaded;
    const script = [exported, exported.default].find((one) => one && typeof one.selectModel === 'function');
    if (script === undefined) throw new Error('it exports no function "selectModel"');
    const budget = context.remainingBudget ?? Infinity;
    const model = await script.selectModel(prompt, { ...context, remainingBudget: budget });
    if (model === undefined || model === null) return process.send({ id });
    if (typeof model !== 'string') throw new Error('it gave ' + kindOf(model) + ' where the name of a model was expected');
    if (model.trim() === '') throw new Error('it gave an empty name');
    process.send({ id, model: model.trim() });
  } catch (error) {
    process.send({ id, fault: error instanceof Error ? error.message : String(error) });
  }
});
`;
