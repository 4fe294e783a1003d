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
  ['/api/oauth', anthropicMessages],
  ['/api/', ollamaChat],
];

/** The format in which the caller of a path wants to hear of an error: before anything of the request but its head is known. */
export function formatOfPath({ req }: GatewayContext): WireFormat {
  if (speaksGoogle(req.path)) return gemini;
  const found = FORMATS.find(([path]) => req.path.startsWith(path));
  if (found !== undefined) return found[1];
  return req.header('anthropic-version') === undefined ? openaiChat : anthropicMessages;
}
