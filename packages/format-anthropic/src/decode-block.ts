import {
  asArray,
  asObject,
  asString,
  type DocumentPart,
  type ImagePart,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type OpaquePart,
  type Part,
  type TextPart,
  type ToolResultPart,
} from '@signalbox/core';
import { decodeCacheControl } from './cache-mark.ts';
import { decodeCitations } from './citations.ts';
import { blockExtensions, leftovers } from './extensions.ts';
import { FORMAT_ID, REASONING_ISSUER } from './format-id.ts';
import { decodeSource } from './media-source.ts';
import { toolArguments } from './tool-arguments.ts';

const TEXT = new Set(['type', 'text', 'cache_control']);
const IMAGE = new Set(['type', 'source', 'cache_control']);
const DOCUMENT = new Set(['type', 'source', 'title', 'context', 'cache_control']);
const TOOL_USE = new Set(['type', 'id', 'name', 'input', 'cache_control']);
const TOOL_RESULT = new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control']);
const THINKING = new Set(['type', 'thinking', 'signature', 'cache_control']);
const REDACTED = new Set(['type', 'data', 'cache_control']);

/**
 * A content block as a part. Blocks of unknown type, and known ones that lack what they need, are kept whole as opaque
 * parts: they go back out to this format as they came.
 */
export function decodeBlock(block: JsonObject): Part {
  switch (block.type) {
    case 'text':
      return typeof block.text === 'string' ? decodeText(block, block.text) : opaque(block);
    case 'image':
      return decodeImage(block);
    case 'document':
      return decodeDocument(block);
    case 'tool_use': {
      const { id, name } = block;
      if (typeof id !== 'string' || typeof name !== 'string') return opaque(block);
      return { type: 'tool-call', id, name, arguments: toolArguments(block.input), ...base(block, TOOL_USE) };
    }
    case 'tool_result':
      return decodeToolResult(block);
    case 'thinking': {
      const signature = asString(block.signature) ?? '';
      return {
        type: 'reasoning',
        text: asString(block.thinking) ?? '',
        ...(signature === '' ? {} : { signature: { issuer: REASONING_ISSUER, value: signature } }),
        ...base(block, THINKING),
      };
    }
    case 'redacted_thinking':
      if (typeof block.data !== 'string') return opaque(block);
      return {
        type: 'reasoning',
        text: '',
        encrypted: { issuer: REASONING_ISSUER, value: block.data },
        ...base(block, REDACTED),
      };
    default:
      return opaque(block);
  }
}

/** A block kept as it came. */
export function opaque(block: JsonObject): OpaquePart {
  const otherwise = inOtherWords(block);
  return { type: 'opaque', format: FORMAT_ID, value: block, ...(otherwise === undefined ? {} : { otherwise }) };
}

/** What other formats say instead: a search result is its text, a document of blocks the text in them. */
function inOtherWords(block: JsonObject): TextPart | DocumentPart | undefined {
  const title = asString(block.title);
  if (block.type === 'search_result') {
    const text = textsIn(block.content);
    const head = [title, asString(block.source)].filter((line) => line !== undefined && line !== '').join('\n');
    return text === '' ? undefined : { type: 'text', text: `${head}\n\n${text}`.trimStart() };
  }
  const source = asObject(block.source);
  if (block.type !== 'document' || source?.type !== 'content') return undefined;
  const text = typeof source.content === 'string' ? source.content : textsIn(source.content);
  if (text === '') return undefined;
  const context = asString(block.context);
  return {
    type: 'document',
    source: { kind: 'text', text },
    ...(title === undefined ? {} : { title }),
    ...(context === undefined ? {} : { context }),
  };
}

function textsIn(content: JsonValue | undefined): string {
  return asArray(content)
    .map((entry) => asString(asObject(entry)?.text) ?? '')
    .filter((text) => text !== '')
    .join('\n\n');
}

/** A text block as a part. */
export function decodeText(block: JsonObject, text: string): TextPart {
  return { type: 'text', text, ...decodeCitations(block.citations), ...base(block, TEXT) };
}

function decodeImage(block: JsonObject): ImagePart | OpaquePart {
  const source = decodeSource(block.source);
  return source === undefined ? opaque(block) : { type: 'image', source, ...base(block, IMAGE) };
}

function decodeDocument(block: JsonObject): DocumentPart | OpaquePart {
  const source = decodeSource(block.source);
  if (source === undefined) return opaque(block);
  const title = asString(block.title);
  const context = asString(block.context);
  return {
    type: 'document',
    source,
    ...(title === undefined ? {} : { title }),
    ...(context === undefined ? {} : { context }),
    ...base(block, DOCUMENT),
  };
}

function decodeToolResult(block: JsonObject): ToolResultPart | OpaquePart {
  if (typeof block.tool_use_id !== 'string') return opaque(block);
  return {
    type: 'tool-result',
    callId: block.tool_use_id,
    content: decodeResultContent(block.content),
    ...(typeof block.is_error === 'boolean' ? { isError: block.is_error } : {}),
    ...base(block, TOOL_RESULT),
  };
}

function decodeResultContent(content: JsonValue | undefined): ToolResultPart['content'] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isJsonObject).map((block) => {
    if (block.type === 'text' && typeof block.text === 'string') return decodeText(block, block.text);
    if (block.type === 'image') return decodeImage(block);
    if (block.type === 'document') return decodeDocument(block);
    return opaque(block);
  });
}

/** The cache mark and the fields that the canonical form has no word for. */
function base(block: JsonObject, known: ReadonlySet<string>): Pick<TextPart, 'cache' | 'extensions'> {
  const cache = decodeCacheControl(block.cache_control);
  let fields = leftovers(block, known);
  if (cache === undefined && block.cache_control !== undefined && block.cache_control !== null) {
    fields = { ...fields, cache_control: block.cache_control };
  }
  return { ...(cache === undefined ? {} : { cache }), ...blockExtensions(fields) };
}
