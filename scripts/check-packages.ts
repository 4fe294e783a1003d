// publint, attw and the size budget on every package as it would be published. Run after the build.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackages } from '../standalone/packed-packages.ts';
import { oversized } from './package-sizes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(`${root}${parent}`).map((name) => `${root}${parent}/${name}`),
);

function run(command: string, words: readonly string[], folder: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(`${root}node_modules/.bin/${command}`, [...words], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function check(folder: string): Promise<string[]> {
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { name: string; bin?: object };
  const problems: string[] = [];
  const lint = await run('publint', ['--strict', '--pack', 'pnpm'], folder);
  if (lint.code !== 0) problems.push(`${manifest.name}: publint\n${lint.output}`);
  // A program has no types to get right.
  if (manifest.bin === undefined) {
    const types = await run('attw', ['--pack', '.', '--profile', 'esm-only', '--no-emoji', '--no-color'], folder);
    if (types.code !== 0) problems.push(`${manifest.name}: attw\n${types.output}`);
  }
  return problems;
}

async function sizeProblems(): Promise<readonly string[]> {
  const tarballs = mkdtempSync(join(tmpdir(), 'signalbox-sizes-'));
  try {
    return oversized(await packPackages(tarballs));
  } finally {
    rmSync(tarballs, { recursive: true, force: true });
  }
}

const problems: string[] = [...(await sizeProblems())];
// Two at a time: packing is short, and the machine may be small.
const waiting = [...folders];
await Promise.all(
  [1, 2].map(async () => {
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift())
      problems.push(...(await check(folder)));
  }),
);
for (const problem of problems) console.error(problem);
console.log(`${folders.length} packages checked as published, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
