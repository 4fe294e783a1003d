import type { JsonObject, Message, ModelRequest } from '@signalbox/core';
import { encodePart, SIGNATURE_SENTINEL } from './encode-part.ts';
import { encodeToolResult } from './encode-tool-result.ts';
import { GEMINI } from './gemini-id.ts';
import { wantsThoughtSignatures } from './model-generation.ts';
import type { NoteList } from './note-list.ts';

interface Content {
  role: 'user' | 'model';
  parts: JsonObject[];
  own: JsonObject | undefined;
  hasCalls: boolean;
  hasResults: boolean;
}

/** Writes the conversation. Calls made in parallel end up in one Content, and so do their responses. */
export function encodeContents(request: ModelRequest, model: string, notes: NoteList): JsonObject[] {
  const names = callNames(request.messages);
  const signatures = wantsThoughtSignatures(model);
  const contents: Content[] = [];
  for (const [index, message] of request.messages.entries()) {
    const field = `messages[${index}]`;
    if (message.name !== undefined) notes.dropped(`${field}.name`, 'Gemini has no names of participants');
    notes.foreign(field, message.extensions);
    const content = encodeMessage(message, field, names, signatures, notes);
    if (content.parts.length === 0) continue;
    const before = contents.at(-1);
    if (before !== undefined && belongTogether(before, content)) {
      before.parts.push(...content.parts);
    } else contents.push(content);
  }
  if (signatures) for (const content of contents) signFirstCall(content, notes);
  return contents.map(({ role, parts, own }) => ({ role, parts, ...own }));
}

function encodeMessage(
  message: Message,
  field: string,
  names: ReadonlyMap<string, CallName>,
  mediaInside: boolean,
  notes: NoteList,
): Content {
  const results: { readonly order: number; readonly response: JsonObject }[] = [];
  const parts: JsonObject[] = [];
  for (const [index, part] of message.parts.entries()) {
    const place = `${field}.parts[${index}]`;
    if (part.type === 'tool-result') {
      const call = names.get(part.callId);
      const name = part.name ?? call?.name;
      if (name === undefined)
        notes.approximated(`${place}.name`, 'the call it answers is not there: named after its id');
      const encoded = encodeToolResult(part, name ?? part.callId, mediaInside, place, notes);
      results.push({ order: call?.order ?? results.length, response: encoded.response });
      parts.push(...encoded.files);
    } else {
      const encoded = encodePart(part, place, notes);
      if (encoded !== undefined && !(isBlank(encoded) && message.parts.length > 1)) parts.push(encoded);
    }
  }
  // Google matches what has no id by order: responses stand in the order of their calls.
  results.sort((one, other) => one.order - other.order);
  if (message.role === 'system') {
    notes.approximated(field, 'a system message inside the conversation is sent as a marked user text');
    const text = parts.map((part) => part.text).join('\n\n');
    parts.splice(0, parts.length, { text: `<system>\n${text}\n</system>` });
  }
  return {
    role: message.role === 'assistant' ? 'model' : 'user',
    parts: [...results.map((result) => result.response), ...parts],
    own: message.extensions?.[GEMINI],
    hasCalls: message.parts.some((part) => part.type === 'tool-call'),
    hasResults: results.length > 0,
  };
}

/** An empty text that carries nothing. */
function isBlank(part: JsonObject): boolean {
  return part.text === '' && Object.keys(part).length === 1;
}

function belongTogether(before: Content, content: Content): boolean {
  if (before.role !== content.role) return false;
  return (before.hasCalls && content.hasCalls) || (before.hasResults && content.hasResults);
}

interface CallName {
  readonly name: string;
  readonly order: number;
}

/** The name and place of each call of the conversation. */
function callNames(messages: readonly Message[]): ReadonlyMap<string, CallName> {
  const names = new Map<string, CallName>();
  for (const message of messages) {
    for (const part of message.parts) {
      if (part.type === 'tool-call') names.set(part.id, { name: part.name, order: names.size });
    }
  }
  return names;
}

/** Generation 3 refuses a step whose first call has no signature; other models' steps have none. */
function signFirstCall(content: Content, notes: NoteList): void {
  const at = content.parts.findIndex((part) => part.functionCall !== undefined);
  const first = content.parts[at];
  if (first === undefined || first.thoughtSignature !== undefined) return;
  content.parts[at] = { ...first, thoughtSignature: SIGNATURE_SENTINEL };
  notes.approximated('messages', "a call without a signature of Google's is marked as not to be validated");
}
