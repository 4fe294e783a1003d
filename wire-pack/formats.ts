import { ANTHROPIC_MESSAGES } from './formats/anthropic-messages.ts';
import { GEMINI } from './formats/gemini.ts';
import { OLLAMA_CHAT } from './formats/ollama-chat.ts';
import { OPENAI_CHAT } from './formats/openai-chat.ts';
import { OPENAI_RESPONSES } from './formats/openai-responses.ts';
import type { RecordedFormat } from './recorded-format.ts';

/** Every wire format that the ladder climbs and that translation goes between: one line each. */
export const FORMATS: readonly RecordedFormat[] = [
  ANTHROPIC_MESSAGES,
  OPENAI_CHAT,
  OPENAI_RESPONSES,
  GEMINI,
  OLLAMA_CHAT,
];
