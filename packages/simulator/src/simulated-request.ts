import type { JsonObject } from '@signalbox/core';

/** The formats that the simulator speaks. */
export type SimulatedFormatId =
  | 'anthropic-messages'
  | 'openai-chat'
  | 'openai-responses'
  | 'gemini'
  | 'ollama-chat'
  | 'ollama-generate';

/** A function that the model may call. */
interface SimulatedTool {
  readonly name: string;
  /** JSON Schema of the arguments; Gemini's upper-case types are understood. */
  readonly parameters: JsonObject;
}

/** A stretch of the input in the order in which a model reads it. */
export interface InputSegment {
  readonly text: string;
  /** A prompt cache is asked to remember the input up to here. */
  readonly cacheMark?: boolean | undefined;
}

/** What a request of any format asks for, as far as it changes the simulated answer. */
export interface SimulatedRequest {
  readonly format: SimulatedFormatId;
  readonly model: string;
  readonly stream: boolean;
  /** System prompt, tools and messages. */
  readonly segments: readonly InputSegment[];
  /** Images, documents, audio: how many. */
  readonly attachments: number;
  /** Text of the last user message; a reader leaves its directives in, the exchange takes them out. */
  readonly prompt: string;
  /** Text of the last message where that is the assistant's. */
  readonly prefill?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly stop: readonly string[];
  readonly tools: readonly SimulatedTool[];
  readonly toolChoice: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly parallelTools: boolean;
  /** Results of tools after the assistant's last message. */
  readonly toolResults: readonly string[];
  readonly output: 'text' | 'json' | { readonly schema: JsonObject };
  /** Whether the model is asked to reason, and whether the reasoning's text is to be seen. */
  readonly reasoning: 'none' | 'hidden' | 'visible';
  /** Without marks a repeated beginning is found by itself (OpenAI, Gemini). */
  readonly implicitCache: boolean;
  /** The body as it came. */
  readonly body: JsonObject;
}
