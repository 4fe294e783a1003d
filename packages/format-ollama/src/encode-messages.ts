import {
  instructionOf,
  type JsonObject,
  type Message,
  type ModelRequest,
  type NoteList,
  type ToolResultPart,
  VENDORS_LINE,
} from '@signalbox/core';
import { wireCallId } from './call-id.ts';
import { addPart, createMessageDraft, type MessageContext } from './encode-part.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** Writes the conversation: the leading system text as one message, tool results as messages of their own. */
export function encodeMessages(request: ModelRequest, provider: string, notes: NoteList): JsonObject[] {
  const messages: JsonObject[] = [];
  const own: JsonObject = {};
  for (const [index, part] of request.system.entries()) {
    if (instructionOf(part) !== part) notes.mapped(`system[${index}]`, VENDORS_LINE);
    if (part.cache !== undefined) notes.approximated(`system[${index}].cache`, 'Ollama reuses prompts by itself');
    notes.foreign(`system[${index}]`, part.extensions);
    Object.assign(own, part.extensions?.[OLLAMA_CHAT]);
  }
  const instructions = request.system.flatMap((part) => instructionOf(part) ?? []);
  if (instructions.length > 0) {
    messages.push({ role: 'system', content: instructions.map((part) => part.text).join('\n\n'), ...own });
  }
  const context: MessageContext = { names: callNames(request.messages), provider, notes };
  for (const [index, message] of request.messages.entries()) {
    const field = `messages[${index}]`;
    if (message.name !== undefined) notes.dropped(`${field}.name`, 'Ollama has no names of participants');
    notes.foreign(field, message.extensions);
    for (const one of encodeMessage(message, field, context)) messages.push(one);
  }
  return messages;
}

function callNames(messages: readonly Message[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const message of messages) {
    for (const part of message.parts) if (part.type === 'tool-call') names.set(part.id, part.name);
  }
  return names;
}

function encodeMessage(message: Message, field: string, context: MessageContext): JsonObject[] {
  const results: JsonObject[] = [];
  const draft = createMessageDraft();
  for (const [index, part] of message.parts.entries()) {
    const place = `${field}.parts[${index}]`;
    if (part.type === 'tool-result') results.push(encodeResult(part, place, context));
    else addPart(draft, part, place, context);
  }
  if (draft.images.length > 0 && draft.texts.length > 1) {
    context.notes.approximated(field, 'images stand beside the text: where they stood between texts is lost');
  }
  const { texts, images, thinking, calls } = draft;
  const isEmpty = texts.length + images.length + thinking.length + calls.length === 0;
  if (isEmpty && message.parts.length > 0) return results;
  return [
    ...results,
    {
      role: message.role,
      // A model's own text may have come in pieces in the middle of a sentence; a person's parts are paragraphs.
      content: texts.join(message.role === 'assistant' ? '' : '\n\n'),
      ...(thinking.length === 0 ? {} : { thinking: thinking.join('\n\n') }),
      ...(images.length === 0 ? {} : { images }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...message.extensions?.[OLLAMA_CHAT],
    },
  ];
}

function encodeResult(part: ToolResultPart, field: string, context: MessageContext): JsonObject {
  const { notes } = context;
  if (part.cache !== undefined) notes.approximated(`${field}.cache`, 'Ollama reuses prompts by itself');
  notes.foreign(field, part.extensions);
  const draft = createMessageDraft();
  for (const [index, content] of part.content.entries()) addPart(draft, content, `${field}.content[${index}]`, context);
  if (part.isError === true) notes.mapped(`${field}.isError`, 'the text begins with "Error: "');
  const text = draft.texts.join('\n');
  const id = wireCallId(part.callId);
  const name = part.name ?? context.names.get(part.callId);
  return {
    role: 'tool',
    content: part.isError === true ? `Error: ${text}` : text,
    ...(name === undefined ? {} : { tool_name: name }),
    ...(id === undefined ? {} : { tool_call_id: id }),
    ...(draft.images.length === 0 ? {} : { images: draft.images }),
    ...part.extensions?.[OLLAMA_CHAT],
  };
}
