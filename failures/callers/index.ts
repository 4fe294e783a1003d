import { chat } from './chat.ts';
import { gemini } from './gemini.ts';
import { messages } from './messages.ts';
import type { Protocol } from './reading.ts';
import { responses } from './responses.ts';

/** The protocols in which the gateway is asked. */
export const PROTOCOLS = { chat, messages, responses, gemini } as const satisfies Readonly<Record<string, Protocol>>;

export type CallerProtocol = keyof typeof PROTOCOLS;
