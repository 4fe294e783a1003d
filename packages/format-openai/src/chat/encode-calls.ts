import type { JsonObject, ToolCallPart, ToolResultPart } from '@signalbox/core';
import { contentValue, encodeCache, encodePart } from './encode-content.ts';
import { ownFields } from './extensions.ts';
import { type Encoding, noteForeign } from './notes.ts';
import { permittedFields } from './permitted-fields.ts';

/** A call of a tool, as the turn of the model holds it. */
export function encodeCall(encoding: Encoding, part: ToolCallPart, place: string): JsonObject {
  noteForeign(encoding, part.extensions, place);
  if (part.cache !== undefined)
    encoding.note('approximated', `${place}.cache`, 'left out: a tool call takes no cache mark');
  const { signature } = part;
  const own = signature !== undefined && signature.issuer === encoding.context.provider;
  const spelled = ownFields(part.extensions).extra_content;
  if (signature !== undefined && !own && spelled === undefined) {
    encoding.note('approximated', `${place}.signature`, 'left out: only its issuer can read it');
  }
  const id = callId(encoding, part.id, `${place}.id`);
  const rest = {
    ...permittedFields(encoding, part.extensions, place),
    // The spelling of Google's own endpoint for this format.
    ...(own ? { extra_content: { google: { thought_signature: signature.value } } } : {}),
  };
  if (part.kind === 'custom')
    return { id, type: 'custom', custom: { name: part.name, input: part.arguments }, ...rest };
  // Endpoints parse the arguments: no text at all is not JSON.
  const text = part.arguments === '' ? '{}' : part.arguments;
  return { id, type: 'function', function: { name: part.name, arguments: text }, ...rest };
}

/** An id as the endpoint takes it. */
function callId(encoding: Encoding, id: string, field: string): string {
  const spelled = encoding.callId(id);
  if (spelled !== id) encoding.note('mapped', field, `"${id}" became "${spelled}", which the endpoint takes`);
  return spelled;
}

/** A tool message, and the media that it can't hold, for a user message after the last tool message. */
export function encodeToolResult(
  encoding: Encoding,
  part: ToolResultPart,
  place: string,
): { readonly message: JsonObject; readonly media: readonly JsonObject[] } {
  noteForeign(encoding, part.extensions, place);
  const texts: JsonObject[] = [];
  const media: JsonObject[] = [];
  for (const [index, item] of part.content.entries()) {
    const entry = encodePart(encoding, item, `${place}.content[${index}]`);
    if (entry === undefined) continue;
    if (entry.type === 'text' || item.type === 'opaque') texts.push(entry);
    else {
      encoding.note(
        'approximated',
        `${place}.content[${index}]`,
        'tool messages hold text: sent in a user message after them',
      );
      if (media.length === 0)
        media.push({ type: 'text', text: `Attached to the result of tool call ${encoding.callId(part.callId)}:` });
      media.push(entry);
    }
  }
  if (texts.length === 0 && media.length > 0)
    texts.push({ type: 'text', text: '(see the attachment in the next message)' });
  if (part.isError === true) markAsError(encoding, texts, place);
  // A mark on the result stands on its last text: a message itself takes none.
  const mark = encodeCache(encoding, part.cache, place);
  const last = texts.at(-1);
  if (last !== undefined && last.type === 'text') texts[texts.length - 1] = { ...last, ...mark };
  return {
    message: {
      role: 'tool',
      tool_call_id: callId(encoding, part.callId, `${place}.callId`),
      ...(part.name === undefined ? {} : { name: part.name }),
      content: texts.length === 0 ? '' : contentValue(encoding, texts, '\n'),
      ...ownFields(part.extensions),
    },
    media,
  };
}

function markAsError(encoding: Encoding, texts: JsonObject[], place: string): void {
  encoding.note('approximated', `${place}.isError`, 'there is no error flag: the text begins with "Error: "');
  const [first] = texts;
  if (first?.type === 'text' && typeof first.text === 'string') {
    if (!/^error\b/i.test(first.text)) texts[0] = { ...first, text: `Error: ${first.text}` };
  } else texts.unshift({ type: 'text', text: 'Error: the tool failed.' });
}
