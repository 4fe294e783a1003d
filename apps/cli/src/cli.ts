#!/usr/bin/env node
// The entry. Everything heavy is behind an import that only the commands that need it make.
// As a whole: an older Node has no `enableCompileCache`, and would say so in a trace of the stack before ours is asked.
import nodeModule from 'node:module';
import { setFlagsFromString } from 'node:v8';
import manifest from '../package.json' with { type: 'json' };
import { whyNotNode } from './old-node.ts';
import { keepYoungGenerationSmall } from './serving/young-generation.ts';
import { whyUnwritten } from './why-unwritten.ts';

const words = process.argv.slice(2);
/** What a shell reports of a program that SIGPIPE ended. */
const BROKEN_PIPE = 141;
// Who reads may stop reading ("signalbox models | head"): then there is nobody left to tell, and the end is that of any program in a pipe.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
    // A full disk below the log, or a terminal that is gone, is no reason to stop serving, or to keep the answer back.
    if (stream === process.stderr) return;
    process.stderr.write(`signalbox: ${whyUnwritten(error)}\n`);
    process.exit(1);
  });
}
const unfit = whyNotNode(process.versions.node, manifest.engines.node);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else if (unfit !== undefined) {
  process.stderr.write(`${unfit}\n`);
  process.exitCode = 2;
} else {
  // Compiled code is kept in the system's folder for such: the second start takes a third less.
  nodeModule.enableCompileCache?.();
  // The parser of HTTP answers is WebAssembly: compiled when the connection is made, and not when a person waits for the first word (bench/first-byte.ts).
  setFlagsFromString('--no-wasm-lazy-compilation');
  if (words[0] === 'serve') keepYoungGenerationSmall();
  // And by the quick compiler alone: what the optimising one makes of it takes 40 ms of CPU, and pays where thousands of answers come.
  else for (const flag of ['tier-up', 'dynamic-tiering']) setFlagsFromString(`--no-wasm-${flag}`);
  if (words[0] === '__complete') {
    // What the scripts of "signalbox completion" ask at each press of the tab key.
    const { answerShell } = await import('./completion/answer-shell.ts');
    await answerShell(words.slice(1), manifest.version);
  } else {
    const { runProgram } = await import('./program.ts');
    process.exitCode = await runProgram(words, manifest.version);
  }
}
