import type { WireFormat } from '@signalbox/core';
import { anthropicMessages } from '@signalbox/format-anthropic';
import { gemini } from '@signalbox/format-gemini';
import { ollamaChat } from '@signalbox/format-ollama';
import { openaiChat, openaiResponses } from '@signalbox/format-openai';
import type { GatewayContext } from './exchange.ts';
import { speaksGoogle } from './presented-keys.ts';

const FORMATS: readonly (readonly [path: string, format: WireFormat])[] = [
  ['/v1/messages', anthropicMessages],
  ['/v1/responses', openaiResponses],
  ['/v1/chat/', openaiChat],
  ['/v1/embeddings', openaiChat],
  ['/api/oauth', anthropicMessages],
  ['/api/', ollamaChat],
];

/** The format in which the caller of a path wants to hear of an error: before anything of the request but its head is known. */
export function formatOfPath(context: GatewayContext, asked = context.req.path): WireFormat {
  const { req } = context;
  const found = FORMATS.find(([path]) => asked.startsWith(path));
  if (found !== undefined) return found[1];
  if (speaksGoogle(context)) return gemini;
  return req.header('anthropic-version') === undefined ? openaiChat : anthropicMessages;
}
