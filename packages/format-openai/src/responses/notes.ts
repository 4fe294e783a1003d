import {
  type EncodeContext,
  type Extensions,
  foreignFields,
  type ModelRequest,
  type TranslationNote,
} from '@signalbox/core';
import { FORMAT_ID as CHAT_FORMAT_ID } from '../chat/format-id.ts';
import { createCallIds } from '../shared/call-ids.ts';
import type { NotedContext } from '../shared/effort-of.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

/** OpenAI refuses ids of tool calls with more characters. */
const LONGEST_CALL_ID = 64;

/** What the functions that write one request share. */
export interface Encoding extends NotedContext {
  /** Whether a caller of this same format wrote the request: then what it left out keeps this format's own meaning. */
  readonly own: boolean;
  /** Whether the provider is told to keep nothing: then ids of earlier items mean nothing to it. */
  readonly stateless: boolean;
  /** Whether the model knows cache breakpoints: only the newer ones do. */
  readonly breakpoints: boolean;
  readonly notes: TranslationNote[];
  /** A tool call's id as this endpoint takes it. */
  readonly callId: (id: string) => string;
  /** Ids of calls of free-text tools: their results are of another kind. */
  readonly customCalls: ReadonlySet<string>;
}

/** Starts the encoding of one request. */
export function createEncoding(request: ModelRequest, context: EncodeContext): Encoding {
  const notes: TranslationNote[] = [];
  return {
    context,
    own: request.extensions?.[FORMAT_ID] !== undefined,
    stateless: ownFields(request.extensions).store === false,
    breakpoints:
      context.quirks.cacheMarks === 'prompt_cache_breakpoint' ||
      ownFields(request.extensions).prompt_cache_options !== undefined ||
      request.extensions?.[CHAT_FORMAT_ID]?.prompt_cache_options !== undefined,
    notes,
    callId: createCallIds(context.quirks, LONGEST_CALL_ID),
    customCalls: customCallsOf(request),
    note(action, field, reason) {
      notes.push({ field, action, reason });
    },
  };
}

function customCallsOf(request: ModelRequest): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { parts } of request.messages) {
    for (const part of parts) if (part.type === 'tool-call' && part.kind === 'custom') ids.add(part.id);
  }
  return ids;
}

/** Reports the fields that only other formats know and that stand at one place. */
export function noteForeign(encoding: Encoding, extensions: Extensions | undefined, place: string): void {
  for (const { format, key } of foreignFields(extensions, FORMAT_ID)) {
    const field = `extensions.${format}.${key}`;
    encoding.note('dropped', place === '' ? field : `${place}.${field}`, `only ${format} has this field`);
  }
}
