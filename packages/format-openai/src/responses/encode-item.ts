import type { JsonObject, ReasoningPart, ToolCallPart, ToolResultPart } from '@signalbox/core';
import { encodeCache, encodePart } from './encode-content.ts';
import { itemFields, ownFields } from './extensions.ts';
import { reasoningItem } from './item-fields.ts';
import { type Encoding, noteForeign } from './notes.ts';
import { encryptedFor } from './reasoning-issuer.ts';

/** A tool call of an earlier turn as an item. */
export function encodeCall(encoding: Encoding, part: ToolCallPart, place: string): JsonObject {
  noteForeign(encoding, part.extensions, place);
  if (part.signature !== undefined) {
    encoding.note('approximated', `${place}.signature`, 'left out: only its issuer can read it');
  }
  if (part.cache !== undefined)
    encoding.note('approximated', `${place}.cache`, 'left out: a tool call takes no cache mark');
  const head = { call_id: callId(encoding, part.id, `${place}.id`), name: part.name, ...namespaceOf(part) };
  const fields = ownFields(part.extensions);
  if (part.kind === 'custom') return { type: 'custom_tool_call', ...head, input: part.arguments, ...fields };
  // The endpoint parses the arguments: no text at all is not JSON.
  const text = part.arguments === '' && !encoding.own ? '{}' : part.arguments;
  return { type: 'function_call', ...head, arguments: text, ...fields };
}

function namespaceOf({ namespace }: ToolCallPart): JsonObject {
  return namespace === undefined ? {} : { namespace };
}

/** An id as the endpoint takes it. */
function callId(encoding: Encoding, id: string, field: string): string {
  // Some endpoints of other formats give calls no id; here they can not be without.
  const spelled = encoding.callId(id === '' ? 'call_0' : id);
  if (spelled !== id) encoding.note('mapped', field, `"${id}" became "${spelled}", which the endpoint takes`);
  return spelled;
}

/** A tool's result as an item. One plain text is a string, all else is a list. */
export function encodeToolResult(encoding: Encoding, part: ToolResultPart, place: string): JsonObject {
  noteForeign(encoding, part.extensions, place);
  const output: JsonObject[] = [];
  for (const [index, item] of part.content.entries()) {
    const entry = encodePart(encoding, item, `${place}.content[${index}]`);
    if (entry !== undefined) output.push(entry);
  }
  if (part.isError === true) markAsError(encoding, output, place);
  // A mark on the result stands on its last part: an item itself takes none.
  const mark = encodeCache(encoding, part.cache, place);
  const last = output.at(-1);
  if (last !== undefined) output[output.length - 1] = { ...last, ...mark };
  const [first] = output;
  const plain = output.length === 1 && first?.type === 'input_text' && Object.keys(first).length === 2;
  const custom = part.kind === 'custom' || encoding.customCalls.has(part.callId);
  return {
    type: custom ? 'custom_tool_call_output' : 'function_call_output',
    call_id: callId(encoding, part.callId, `${place}.callId`),
    output: plain ? (first.text as string) : output.length === 0 ? '' : output,
    ...ownFields(part.extensions),
  };
}

function markAsError(encoding: Encoding, output: JsonObject[], place: string): void {
  encoding.note('approximated', `${place}.isError`, 'there is no error flag: the text begins with "Error: "');
  const [first] = output;
  if (first?.type === 'input_text' && typeof first.text === 'string') {
    if (!/^error\b/i.test(first.text)) output[0] = { ...first, text: `Error: ${first.text}` };
  } else output.unshift({ type: 'input_text', text: 'Error: the tool failed.' });
}

/** Reasoning of an earlier turn as an item; undefined where the endpoint could not read it (and a note says so). */
export function encodeReasoningPart(encoding: Encoding, part: ReasoningPart, place: string): JsonObject | undefined {
  noteForeign(encoding, part.extensions, place);
  const { provider, quirks } = encoding.context;
  const encrypted = quirks.encryptedReasoning === false ? undefined : encryptedFor(part, provider) || undefined;
  // A caller of this format may replay what the provider has stored under an id, or reasoning that was never encrypted.
  const fields = ownFields(part.extensions);
  const isElsewhere = part.encrypted !== undefined && encryptedFor(part, provider) === undefined;
  const stored = itemFields(part.extensions)?.id !== undefined && !encoding.stateless && !isElsewhere;
  const open = fields.content !== undefined;
  if (encrypted !== undefined || (encoding.own && (stored || open))) return reasoningItem(part, encrypted);
  encoding.note('dropped', place, reasonToDrop(part));
  return undefined;
}

function reasonToDrop(part: ReasoningPart): string {
  const issuer = part.encrypted?.issuer ?? part.signature?.issuer;
  if (issuer === undefined) return 'reasoning goes back only in the form that the endpoint encrypted';
  return `only ${issuer} can read its reasoning`;
}
