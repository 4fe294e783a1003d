import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is installed, in the versions that were looked at: the coding agents, the SDKs, and what LangChain and the AI SDK want beside them. */
const PACKAGES: Readonly<Record<string, string>> = {
  '@anthropic-ai/claude-code': '2.1.330',
  '@openai/codex': '0.169.0',
  '@google/gemini-cli': '0.61.0',
  'opencode-ai': '1.18.33',
  openai: '^7.57.0',
  '@anthropic-ai/sdk': '^1.12.0',
  '@google/genai': '^3.1.0',
  ollama: '^0.6.4',
  ai: 'latest',
  '@ai-sdk/openai': 'latest',
  '@ai-sdk/openai-compatible': 'latest',
  '@ai-sdk/anthropic': 'latest',
  '@ai-sdk/google': 'latest',
  '@langchain/core': 'latest',
  '@langchain/openai': 'latest',
  '@langchain/anthropic': 'latest',
  zod: '^4.6.7',
};

/** Where clients are installed where nothing else is said: outside the repository, and kept for the next time. */
export const CACHE_FOLDER = join(homedir(), '.cache', 'signalbox', 'clients');

/** Installs what is missing. Throws with npm's own words where that fails. */
export function installClients(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = `${JSON.stringify({ private: true, type: 'module', dependencies: PACKAGES }, null, 2)}\n`;
  const file = join(folder, 'package.json');
  const mark = join(folder, 'installed.json');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === manifest) return;
  writeFileSync(file, manifest);
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
  if (npm.status !== 0) throw new Error(`npm install failed in ${folder}:\n${npm.stdout}\n${npm.stderr}`);
  writeFileSync(mark, manifest);
}

/** The version of a package that is there. */
export function installedVersion(folder: string, name: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
