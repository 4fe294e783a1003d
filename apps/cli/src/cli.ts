#!/usr/bin/env node
// The entry. Everything heavy is behind an import that only the commands that need it make.
import manifest from '../package.json' with { type: 'json' };

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${manifest.version}\n`);
} else {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(words, manifest.version);
}
