import {
  type EncodeContext,
  type Extensions,
  foreignFields,
  type ModelRequest,
  type TranslationNote,
} from '@signalbox/core';
import { FORMAT_ID as RESPONSES_FORMAT_ID } from '../responses/format-id.ts';
import { createCallIds } from '../shared/call-ids.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

/** How the endpoint wants its cache marks: not at all, as OpenAI's breakpoints, or as Anthropic's `cache_control`. */
type CacheStyle = 'none' | 'prompt_cache_breakpoint' | 'cache_control';

/** What the functions that write one request share. */
export interface Encoding {
  readonly context: EncodeContext;
  readonly cacheStyle: CacheStyle;
  readonly notes: TranslationNote[];
  /** A tool call's id as this endpoint takes it. */
  readonly callId: (id: string) => string;
  note(action: TranslationNote['action'], field: string, reason: string): void;
}

/** Starts the encoding of one request. */
export function createEncoding(request: ModelRequest, context: EncodeContext): Encoding {
  const notes: TranslationNote[] = [];
  return {
    context,
    cacheStyle: cacheStyleOf(request, context),
    notes,
    callId: createCallIds(context.quirks),
    note(action, field, reason) {
      notes.push({ field, action, reason });
    },
  };
}

function cacheStyleOf(request: ModelRequest, context: EncodeContext): CacheStyle {
  const style = context.quirks.cacheMarks;
  if (style === 'cache_control' || style === 'prompt_cache_breakpoint') return style;
  // Only newer models know breakpoints. A caller who sets the cache's options in one of OpenAI's formats knows that it has such a model.
  const options =
    ownFields(request.extensions).prompt_cache_options ??
    request.extensions?.[RESPONSES_FORMAT_ID]?.prompt_cache_options;
  return options === undefined ? 'none' : 'prompt_cache_breakpoint';
}

/** Reports the fields that only other formats know and that stand at one place. */
export function noteForeign(encoding: Encoding, extensions: Extensions | undefined, place: string): void {
  for (const { format, key } of foreignFields(extensions, FORMAT_ID)) {
    const field = `extensions.${format}.${key}`;
    encoding.note('dropped', place === '' ? field : `${place}.${field}`, `only ${format} has this field`);
  }
}
