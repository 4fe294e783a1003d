import {
  fieldPath,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  mergeObjects,
  type NoteList,
  parseJson,
  type ToolResultPart,
} from '@signalbox/core';
import { wireCallId } from './call-id.ts';
import { encodePart } from './encode-part.ts';
import { GEMINI } from './gemini-id.ts';

/** A tool's answer as Google takes it: the response itself, and files that must stand behind all responses. */
export interface EncodedToolResult {
  readonly response: JsonObject;
  readonly files: readonly JsonObject[];
}

/** Writes a `functionResponse`. `mediaInside`: the model takes files in it (generation 3 on); else they follow it. */
export function encodeToolResult(
  part: ToolResultPart,
  name: string,
  mediaInside: boolean,
  field: string,
  notes: NoteList,
): EncodedToolResult {
  if (part.cache !== undefined) notes.approximated(fieldPath(field, 'cache'), 'Gemini caches prompts by itself');
  notes.foreign(field, part.extensions);
  const texts: string[] = [];
  const files: JsonObject[] = [];
  for (const [index, content] of part.content.entries()) {
    const written = encodePart(content, `${field}.content[${index}]`, notes);
    if (written === undefined) continue;
    if (typeof written.text === 'string' && content.type !== 'opaque') texts.push(written.text);
    else files.push(written);
  }
  if (files.length > 0 && !mediaInside) {
    notes.approximated(fieldPath(field, 'content'), 'files of a tool result follow it in the same turn');
    texts.push(`[${files.length === 1 ? 'A file' : `${files.length} files`} of this result: see below.]`);
  }
  const id = wireCallId(part.callId);
  const functionResponse: JsonObject = {
    ...(id === undefined ? {} : { id }),
    name,
    response:
      texts.length === 0 && files.length > 0 && part.isError !== true ? {} : responseOf(texts, part.isError === true),
    ...(files.length > 0 && mediaInside ? { parts: [...files] } : {}),
  };
  const own = part.extensions?.[GEMINI];
  return {
    response: own === undefined ? { functionResponse } : mergeObjects({ functionResponse }, own),
    files: mediaInside ? [] : files,
  };
}

/** Google's convention: `output` or `error` hold a text; an object stands for itself. */
function responseOf(texts: readonly string[], isError: boolean): JsonObject {
  const text = texts.join('\n');
  const value: JsonValue | undefined = text.startsWith('{') ? parseJson(text) : undefined;
  if (isError) return { error: isJsonObject(value) ? value : text };
  return isJsonObject(value) ? value : { output: text };
}
