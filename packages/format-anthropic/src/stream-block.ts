import { asObject, asString, type JsonObject, parseJson, type StreamEvent } from '@signalbox/core';
import { decodeCitations } from './citations.ts';
import { opaque } from './decode-block.ts';
import { blockExtensions, leftovers } from './extensions.ts';
import { REASONING_ISSUER } from './format-id.ts';
import { toolArguments } from './tool-arguments.ts';

/** One content block of a stream, as it grows. */
export interface StreamBlock {
  /** What the block brings with its start. */
  start(): StreamEvent[];
  delta(delta: JsonObject): StreamEvent[];
  /** What is due once the block is complete. */
  stop(): StreamEvent[];
}

/** A block at its start, with the index that its part has in the answer. */
export function createStreamBlock(block: JsonObject, index: number): StreamBlock {
  switch (block.type) {
    case 'text':
      return textBlock(block, index);
    case 'thinking':
      return thinkingBlock(block, index);
    case 'redacted_thinking':
      return redactedBlock(block, index);
    case 'tool_use':
      return toolBlock(block, index);
    default:
      return opaqueBlock(block, index);
  }
}

const NOTHING: StreamEvent[] = [];
const TEXT = new Set(['type', 'text']);
const TOOL = new Set(['type', 'id', 'name', 'input']);

function textBlock(block: JsonObject, index: number): StreamBlock {
  let shown = false;
  // A list that is empty at first says nothing before the end: citations come behind it.
  const { citations, ...rest } = block;
  const isEmptyList = Array.isArray(citations) && citations.length === 0;
  let uncited = isEmptyList;
  const text = (piece: string): StreamEvent[] => {
    if (piece === '') return NOTHING;
    shown = true;
    return [{ type: 'text-delta', index, text: piece }];
  };
  const extension = (fields: JsonObject | undefined): StreamEvent[] => {
    const { extensions } = blockExtensions(fields);
    if (extensions === undefined) return NOTHING;
    shown = true;
    return [{ type: 'text-extension', index, extensions, ...decodeCitations(fields?.citations) }];
  };
  return {
    start: () => [...text(asString(block.text) ?? ''), ...extension(leftovers(isEmptyList ? rest : block, TEXT))],
    delta(delta) {
      if (delta.type === 'text_delta') return text(asString(delta.text) ?? '');
      if (delta.type === 'citations_delta' && asObject(delta.citation) !== undefined) {
        uncited = false;
        return extension({ citations: [asObject(delta.citation) ?? {}] });
      }
      return NOTHING;
    },
    // An empty block is a part of the answer all the same.
    stop: () => [
      ...(shown ? NOTHING : [{ type: 'text-delta', index, text: '' } as const]),
      ...(uncited ? extension({ citations: [] }) : NOTHING),
    ],
  };
}

function thinkingBlock(block: JsonObject, index: number): StreamBlock {
  let shown = false;
  const text = (piece: string): StreamEvent[] => {
    if (piece === '') return NOTHING;
    shown = true;
    return [{ type: 'reasoning-delta', index, text: piece }];
  };
  const signature = (value: string): StreamEvent[] => {
    if (value === '') return NOTHING;
    shown = true;
    return [{ type: 'reasoning-signature', index, signature: { issuer: REASONING_ISSUER, value } }];
  };
  return {
    start: () => [...text(asString(block.thinking) ?? ''), ...signature(asString(block.signature) ?? '')],
    delta(delta) {
      if (delta.type === 'thinking_delta') return text(asString(delta.thinking) ?? '');
      return delta.type === 'signature_delta' ? signature(asString(delta.signature) ?? '') : NOTHING;
    },
    stop: () => (shown ? NOTHING : [{ type: 'reasoning-delta', index, text: '' }]),
  };
}

function redactedBlock(block: JsonObject, index: number): StreamBlock {
  const value = asString(block.data) ?? '';
  return {
    start: () => [{ type: 'reasoning-signature', index, encrypted: { issuer: REASONING_ISSUER, value } }],
    delta: () => NOTHING,
    stop: () => NOTHING,
  };
}

function toolBlock(block: JsonObject, index: number): StreamBlock {
  let written = false;
  const piece = (text: string): StreamEvent[] => {
    if (text === '') return NOTHING;
    written = true;
    return [{ type: 'tool-call-delta', index, arguments: text }];
  };
  return {
    start: () => [
      {
        type: 'tool-call-start',
        index,
        id: asString(block.id) ?? '',
        name: asString(block.name) ?? '',
        ...blockExtensions(leftovers(block, TOOL)),
      },
    ],
    delta: (delta) => (delta.type === 'input_json_delta' ? piece(asString(delta.partial_json) ?? '') : NOTHING),
    // Some servers send the whole input with the start and no deltas.
    stop() {
      const input = asObject(block.input);
      const whole = !written && input !== undefined && Object.keys(input).length > 0;
      return whole ? piece(toolArguments(input)) : NOTHING;
    },
  };
}

/** A block that is handed on whole, once it is complete. */
function opaqueBlock(block: JsonObject, index: number): StreamBlock {
  const json: string[] = [];
  const texts = new Map<string, string[]>();
  const value: JsonObject = { ...block };
  return {
    start: () => NOTHING,
    delta(delta) {
      if (delta.type === 'input_json_delta') {
        json.push(asString(delta.partial_json) ?? '');
        return NOTHING;
      }
      for (const [key, piece] of Object.entries(delta)) {
        if (key === 'type') continue;
        if (typeof piece !== 'string') value[key] = piece;
        else if (texts.has(key)) texts.get(key)?.push(piece);
        else texts.set(key, [asString(value[key]) ?? '', piece]);
      }
      return NOTHING;
    },
    stop() {
      for (const [key, pieces] of texts) value[key] = pieces.join('');
      const input = json.join('');
      if (input !== '') value.input = parseJson(input) ?? input;
      return [{ type: 'opaque-part', index, part: opaque(value) }];
    },
  };
}
