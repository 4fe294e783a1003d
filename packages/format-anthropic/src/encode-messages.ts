import type { JsonObject, Message, ModelRequest, NoteList, Part } from '@signalbox/core';
import type { VersionRules } from './api-version.ts';
import { encodeBlock } from './encode-block.ts';
import { ownFields } from './extensions.ts';

interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly blocks: JsonObject[];
  /** Message fields of this format; a turn that has some is never merged. */
  readonly fields: JsonObject | undefined;
}

/** What the endpoint and its model take. */
export interface MessageTarget {
  /** Whether system messages may stand in the middle of a conversation. */
  readonly systemTurns: boolean;
  readonly rules: VersionRules;
}

/**
 * The conversation as Anthropic wants it: turns of one role in a row become one, tool results come first in their turn,
 * empty turns are left out, instructions in the middle are system messages where the model knows them
 * and marked user text where not.
 */
export function encodeMessages(request: ModelRequest, target: MessageTarget, notes: NoteList): JsonObject[] {
  const turns: Turn[] = [];
  for (const [index, message] of request.messages.entries()) {
    const field = `messages[${index}]`;
    const turn = encodeTurn(message, field, target, notes);
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

function encodeTurn(message: Message, field: string, target: MessageTarget, notes: NoteList): Turn | undefined {
  const { role } = message;
  notes.foreign(field, message.extensions);
  if (message.name !== undefined) notes.dropped(`${field}.name`, 'Anthropic has no names of participants');
  const encoded: JsonObject[] = [];
  for (const [index, part] of message.parts.entries()) {
    const block = encodeBlock(part, { role, rules: target.rules }, `${field}.parts[${index}]`, notes);
    if (block !== undefined) encoded.push(block);
  }
  // Blank text is taken beside other blocks, and refused as a whole turn.
  const blocks = encoded.every(isBlankText) ? [] : encoded;
  const fields = ownFields(message.extensions);
  if (role === 'system' && !target.systemTurns) return asUserText(message.parts, blocks, fields, field, notes);
  if (blocks.length === 0 && fields === undefined) {
    const isLoss = !message.parts.every((part) => part.type === 'opaque' && part.restated);
    if (isLoss) notes.dropped(field, 'nothing is left of this turn, and Anthropic refuses empty ones');
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
  notes: NoteList,
): Turn | undefined {
  const text = parts
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n\n')
    .trim();
  const others = blocks.filter((block) => block.type !== 'text');
  if (others.length > 0) {
    const types = others.map((block) => String(block.type)).join(', ');
    notes.dropped(field, `blocks of a system turn that the model doesn't take: ${types}`);
  }
  if (fields !== undefined) {
    notes.dropped(field, `fields of a system turn that the model doesn't take: ${Object.keys(fields).join(', ')}`);
  }
  if (text === '') return undefined;
  notes.approximated(field, 'the model takes no system message here: it became a marked user text');
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

function resultsFirst(blocks: JsonObject[], notes: NoteList): JsonObject[] {
  const firstOther = blocks.findIndex((block) => block.type !== 'tool_result');
  if (firstOther === -1 || !blocks.slice(firstOther).some((block) => block.type === 'tool_result')) return blocks;
  notes.mapped('messages', 'tool results were moved to the front of their turn');
  return [
    ...blocks.filter((block) => block.type === 'tool_result'),
    ...blocks.filter((block) => block.type !== 'tool_result'),
  ];
}

/** Anthropic refuses an answer to go on from that ends in white space. */
function trimPrefill(turns: readonly Turn[], notes: NoteList): void {
  const last = turns.at(-1);
  const block = last?.blocks.at(-1);
  if (last?.role !== 'assistant' || block?.type !== 'text' || typeof block.text !== 'string') return;
  const trimmed = block.text.trimEnd();
  if (trimmed === block.text) return;
  if (trimmed === '') last.blocks.pop();
  else last.blocks[last.blocks.length - 1] = { ...block, text: trimmed };
  notes.approximated('messages', 'white space at the end of the last assistant turn was removed');
}

/** Whether a block is text of white space only. */
export function isBlankText(block: JsonObject): boolean {
  return block.type === 'text' && typeof block.text === 'string' && block.text.trim() === '';
}
