import { entryOf, isJsonObject, type JsonObject, type JsonValue, RouterError } from '@signalbox/core';

/** An error about one field of the caller's request, in Anthropic's spelling of paths (`messages.0.content`). */
export function invalid(path: string | undefined, problem: string): RouterError {
  return new RouterError({
    kind: 'invalid-request',
    message: path === undefined ? problem : `${path}: ${problem}.`,
    parameter: path,
  });
}

/** Fields that a block of a known type can't do without, and their types. */
const REQUIRED: Readonly<Record<string, readonly (readonly [field: string, type: 'string' | 'object'])[]>> = {
  text: [['text', 'string']],
  image: [['source', 'object']],
  document: [['source', 'object']],
  tool_use: [
    ['id', 'string'],
    ['name', 'string'],
    ['input', 'object'],
  ],
  tool_result: [['tool_use_id', 'string']],
  thinking: [['thinking', 'string']],
  redacted_thinking: [['data', 'string']],
};

/** A content block; unknown types pass. Throws RouterError `invalid-request`. */
export function validateBlock(block: JsonValue, path: string): JsonObject {
  if (!isJsonObject(block) || typeof block.type !== 'string') throw invalid(path, 'must be a block with a "type"');
  for (const [field, type] of entryOf(REQUIRED, block.type) ?? []) {
    const value = block[field];
    const fits = type === 'string' ? typeof value === 'string' : isJsonObject(value);
    if (!fits) throw invalid(`${path}.${field}`, `must be ${type === 'string' ? 'a string' : 'an object'}`);
  }
  if (block.type === 'tool_result') validateResultContent(block.content, `${path}.content`);
  return block;
}

function validateResultContent(content: JsonValue | undefined, path: string): void {
  if (content === undefined || content === null || typeof content === 'string') return;
  if (!Array.isArray(content)) throw invalid(path, 'must be a string or a list of blocks');
  for (const [index, block] of content.entries()) validateBlock(block, `${path}.${index}`);
}
