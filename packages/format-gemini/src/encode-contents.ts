import { type JsonObject, type Message, type ModelRequest, mergeObjects, type NoteList } from '@signalbox/core';
import { encodePart, SIGNATURE_SENTINEL } from './encode-part.ts';
import { encodeToolResult } from './encode-tool-result.ts';
import { GEMINI } from './gemini-id.ts';
import { wantsThoughtSignatures } from './model-generation.ts';

interface Turn {
  readonly role: 'user' | 'model';
  /** Responses of functions, each with the place of its call. */
  readonly responses: { readonly order: number; readonly part: JsonObject }[];
  readonly parts: JsonObject[];
  own: JsonObject;
}

interface Call {
  readonly name: string;
  readonly order: number;
}

/**
 * Writes the conversation. Turns of one role in a row are one Content: Google wants a call right behind what it answers,
 * calls made in parallel in one Content, and so their responses.
 */
export function encodeContents(request: ModelRequest, model: string, notes: NoteList): JsonObject[] {
  const signatures = wantsThoughtSignatures(model);
  const calls = new Map<string, Call>();
  const turns: Turn[] = [];
  for (const [index, message] of request.messages.entries()) {
    const turn = encodeMessage(message, `messages[${index}]`, calls, signatures, notes);
    if (turn.parts.length === 0 && turn.responses.length === 0) continue;
    const before = turns.at(-1);
    if (before?.role !== turn.role) {
      turns.push(turn);
      continue;
    }
    for (const response of turn.responses) before.responses.push(response);
    for (const part of turn.parts) before.parts.push(part);
    before.own = mergeObjects(before.own, turn.own);
  }
  if (signatures) for (const turn of turns) signFirstCall(turn, notes);
  return turns.map(writeTurn);
}

/** Google matches what has no id by order: responses stand in the order of their calls, before everything else. */
function writeTurn({ role, responses, parts, own }: Turn): JsonObject {
  const ordered = responses.toSorted((one, other) => one.order - other.order).map((response) => response.part);
  return { role, parts: [...ordered, ...parts], ...own };
}

/** `calls` are those of the conversation so far; this message's are added. */
function encodeMessage(
  message: Message,
  field: string,
  calls: Map<string, Call>,
  mediaInside: boolean,
  notes: NoteList,
): Turn {
  if (message.name !== undefined) notes.dropped(`${field}.name`, 'Gemini has no names of participants');
  notes.foreign(field, message.extensions);
  const turn: Turn = {
    role: message.role === 'assistant' ? 'model' : 'user',
    responses: [],
    parts: [],
    own: message.extensions?.[GEMINI] ?? {},
  };
  for (const [index, part] of message.parts.entries()) {
    const place = `${field}.parts[${index}]`;
    if (part.type === 'tool-result') {
      const call = calls.get(part.callId);
      const name = part.name ?? call?.name;
      if (name === undefined)
        notes.approximated(`${place}.name`, 'the call it answers is not there: named after its id');
      const { response, files } = encodeToolResult(part, name ?? part.callId, mediaInside, place, notes);
      turn.responses.push({ order: call?.order ?? Number.MAX_SAFE_INTEGER, part: response });
      for (const file of files) turn.parts.push(file);
      continue;
    }
    if (part.type === 'tool-call') calls.set(part.id, { name: part.name, order: calls.size });
    const written = encodePart(part, place, notes);
    if (written !== undefined && !(isBlank(written) && message.parts.length > 1)) turn.parts.push(written);
  }
  if (message.role === 'system') {
    notes.approximated(field, 'a system message inside the conversation is sent as a marked user text');
    const text = turn.parts.map((part) => part.text).join('\n\n');
    turn.parts.splice(0, turn.parts.length, { text: `<system>\n${text}\n</system>` });
  }
  return turn;
}

/** An empty text that carries nothing. */
function isBlank(part: JsonObject): boolean {
  return part.text === '' && Object.keys(part).length === 1;
}

/** Generation 3 refuses a step whose first call has no signature; other models' steps have none. */
function signFirstCall(turn: Turn, notes: NoteList): void {
  const at = turn.parts.findIndex((part) => part.functionCall !== undefined);
  const first = turn.parts[at];
  if (first === undefined || first.thoughtSignature !== undefined) return;
  turn.parts[at] = { ...first, thoughtSignature: SIGNATURE_SENTINEL };
  notes.approximated('messages', "a call without a signature of Google's is marked as not to be validated");
}
