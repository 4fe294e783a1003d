import type { JsonObject, Message, ModelRequest, Part } from '@signalbox/core';
import { encodeBlock } from './encode-block.ts';
import { ownFields } from './extensions.ts';
import type { Notes } from './notes.ts';

interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly blocks: JsonObject[];
  /** Message fields of this format; a turn that has some is never merged. */
  readonly fields: JsonObject | undefined;
}

/**
 * The conversation as Anthropic wants it: turns of one role in a row become one, tool results come first in their turn,
 * empty turns are left out, instructions in the middle are system messages where the model knows them
 * and marked user text where not.
 */
export function encodeMessages(request: ModelRequest, systemTurns: boolean, notes: Notes): JsonObject[] {
  const turns: Turn[] = [];
  for (const [index, message] of request.messages.entries()) {
    const field = `messages[${index}]`;
    const turn = encodeTurn(message, field, systemTurns, notes);
    if (turn === undefined) continue;
    const before = turns.at(-1);
    if (before === undefined || !mergeable(before, turn)) turns.push(turn);
    else for (const block of turn.blocks) before.blocks.push(block);
  }
  trimPrefill(turns, notes);
  return turns.map((turn) => ({
    role: turn.role,
    content: turn.role === 'user' ? resultsFirst(turn.blocks, notes) : turn.blocks,
    ...turn.fields,
  }));
}

function encodeTurn(message: Message, field: string, systemTurns: boolean, notes: Notes): Turn | undefined {
  const { role } = message;
  notes.foreign(field, message.extensions);
  if (message.name !== undefined) notes.add(`${field}.name`, 'dropped', 'Anthropic has no names of participants');
  const encoded: JsonObject[] = [];
  for (const [index, part] of message.parts.entries()) {
    const block = encodeBlock(part, role, `${field}.parts[${index}]`, notes);
    if (block !== undefined) encoded.push(block);
  }
  // Blank text is taken beside other blocks, and refused as a whole turn.
  const blocks = encoded.every(isBlankText) ? [] : encoded;
  const fields = ownFields(message.extensions);
  if (role === 'system' && !systemTurns) return asUserText(message.parts, blocks, fields, field, notes);
  if (blocks.length === 0 && fields === undefined) {
    notes.add(field, 'dropped', 'nothing is left of this turn, and Anthropic refuses empty ones');
    return undefined;
  }
  return { role, blocks, fields };
}

/** An instruction in the middle, for models that know the role `system` only at the front. */
function asUserText(
  parts: readonly Part[],
  blocks: readonly JsonObject[],
  fields: JsonObject | undefined,
  field: string,
  notes: Notes,
): Turn | undefined {
  const text = parts
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n\n')
    .trim();
  const others = blocks.filter((block) => block.type !== 'text');
  if (others.length > 0) {
    const types = others.map((block) => String(block.type)).join(', ');
    notes.add(field, 'dropped', `blocks of a system turn that the model doesn't take: ${types}`);
  }
  if (fields !== undefined) {
    notes.add(
      field,
      'dropped',
      `fields of a system turn that the model doesn't take: ${Object.keys(fields).join(', ')}`,
    );
  }
  if (text === '') return undefined;
  notes.add(field, 'approximated', 'the model takes no system message here: it became a marked user text');
  const cached = blocks.findLast((block) => block.type === 'text')?.cache_control;
  const block: JsonObject = { type: 'text', text: `<system-message>\n${text}\n</system-message>` };
  if (cached !== undefined) block.cache_control = cached;
  return { role: 'user', blocks: [block], fields: undefined };
}

function mergeable(before: Turn, next: Turn): boolean {
  return (
    before.role === next.role && next.role !== 'system' && before.fields === undefined && next.fields === undefined
  );
}

function resultsFirst(blocks: JsonObject[], notes: Notes): JsonObject[] {
  const firstOther = blocks.findIndex((block) => block.type !== 'tool_result');
  if (firstOther === -1 || !blocks.slice(firstOther).some((block) => block.type === 'tool_result')) return blocks;
  notes.add('messages', 'mapped', 'tool results were moved to the front of their turn');
  return [
    ...blocks.filter((block) => block.type === 'tool_result'),
    ...blocks.filter((block) => block.type !== 'tool_result'),
  ];
}

/** Anthropic refuses an answer to go on from that ends in white space. */
function trimPrefill(turns: readonly Turn[], notes: Notes): void {
  const last = turns.at(-1);
  const block = last?.blocks.at(-1);
  if (last?.role !== 'assistant' || block?.type !== 'text' || typeof block.text !== 'string') return;
  const trimmed = block.text.trimEnd();
  if (trimmed === block.text) return;
  if (trimmed === '') last.blocks.pop();
  else last.blocks[last.blocks.length - 1] = { ...block, text: trimmed };
  notes.add('messages', 'approximated', 'white space at the end of the last assistant turn was removed');
}

/** Whether a block is text of white space only. */
export function isBlankText(block: JsonObject): boolean {
  return block.type === 'text' && typeof block.text === 'string' && block.text.trim() === '';
}
