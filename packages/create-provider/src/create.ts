#!/usr/bin/env node
import { runCommand } from './command.ts';

process.exitCode = runCommand(process.argv.slice(2), {
  cwd: process.cwd(),
  date: new Date().toISOString().slice(0, 10),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
