import { homedir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from './install-packages.ts';

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
  installPackages(folder, PACKAGES);
}
