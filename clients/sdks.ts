import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientRun } from './client-run.ts';
import { KEY } from './gateway-with-providers.ts';

/** An SDK: a program of `sdk/` that asks for a whole answer, a stream and a turn with a tool. */
export interface Sdk {
  readonly name: string;
  readonly npm: string;
  /** The API that it speaks to the gateway. */
  readonly api: string;
  readonly program: string;
  readonly words?: readonly string[] | undefined;
}

export const SDKS: readonly Sdk[] = [
  { name: 'openai', npm: 'openai', api: 'Chat Completions', program: 'openai-chat.mjs' },
  { name: 'openai', npm: 'openai', api: 'Responses', program: 'openai-responses.mjs' },
  { name: '@anthropic-ai/sdk', npm: '@anthropic-ai/sdk', api: 'Messages', program: 'anthropic.mjs' },
  { name: '@google/genai', npm: '@google/genai', api: 'Gemini', program: 'google-genai.mjs' },
  { name: 'ollama', npm: 'ollama', api: 'Ollama', program: 'ollama.mjs' },
  { name: 'ai', npm: 'ai', api: 'Chat Completions', program: 'ai.mjs', words: ['chat'] },
  { name: 'ai', npm: 'ai', api: 'Responses', program: 'ai.mjs', words: ['responses'] },
  { name: 'ai', npm: 'ai', api: 'Messages', program: 'ai.mjs', words: ['messages'] },
  { name: 'ai', npm: 'ai', api: 'Gemini', program: 'ai.mjs', words: ['gemini'] },
  { name: 'LangChain', npm: '@langchain/core', api: 'Chat Completions', program: 'langchain.mjs', words: ['chat'] },
  { name: 'LangChain', npm: '@langchain/core', api: 'Messages', program: 'langchain.mjs', words: ['messages'] },
];

/** Puts the programs where Node finds the SDKs from. */
export function placePrograms(folder: string): void {
  cpSync(fileURLToPath(new URL('./sdk/', import.meta.url)), join(folder, 'programs'), { recursive: true });
}

/** How an SDK's program is run. */
export function sdkRun(sdk: Sdk, folder: string, gateway: string, model: string): ClientRun {
  return {
    command: process.execPath,
    args: [join(folder, 'programs', sdk.program), ...(sdk.words ?? [])],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, BASE: gateway, KEY, MODEL: model },
  };
}
