import type { DocumentPart, ImagePart, JsonObject, NoteList, Part, ToolResultPart } from '@signalbox/core';
import { callArguments } from './call-arguments.ts';
import { wireCallId } from './call-id.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** What the encoding of one request's messages needs everywhere. */
export interface MessageContext {
  /** Names of the calls of the conversation, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** The provider's id: its own reasoning goes back to it. */
  readonly provider: string;
  readonly notes: NoteList;
}

/** What a message's parts come to: one text, the images beside it, and the rest in fields of their own. */
export interface MessageDraft {
  readonly texts: string[];
  readonly images: string[];
  readonly thinking: string[];
  readonly calls: JsonObject[];
}

export function createMessageDraft(): MessageDraft {
  return { texts: [], images: [], thinking: [], calls: [] };
}

/** Puts one part into the message; `field` is where it stands in the request. */
export function addPart(
  draft: MessageDraft,
  part: Exclude<Part, ToolResultPart>,
  field: string,
  context: MessageContext,
): void {
  const { notes } = context;
  if (part.type === 'opaque') {
    // A part that a model made and the stream carried whole.
    if (part.format === 'canonical') addPart(draft, part.value as unknown as typeof part, field, context);
    else if (part.restated !== true) notes.dropped(field, `only ${part.format} has this kind of content`);
    return;
  }
  if (part.cache !== undefined) notes.approximated(`${field}.cache`, 'Ollama reuses prompts by itself');
  notes.foreign(field, part.extensions);
  switch (part.type) {
    case 'text':
      if (part.refusal === true) notes.approximated(`${field}.refusal`, 'a refusal is plain text in a conversation');
      draft.texts.push(part.text);
      break;
    case 'reasoning': {
      const issuer = part.signature?.issuer ?? part.encrypted?.issuer;
      if (issuer !== undefined && issuer !== OLLAMA_CHAT && issuer !== context.provider) {
        notes.dropped(field, `reasoning that ${issuer} signed goes back to ${issuer} alone`);
      } else if (part.text !== '') draft.thinking.push(part.text);
      break;
    }
    case 'tool-call': {
      const { input, exact } = callArguments(part);
      if (!exact) {
        const place = part.kind === 'custom' ? field : `${field}.arguments`;
        notes.approximated(place, 'arguments that are not a JSON object are sent wrapped in one');
      }
      if (part.signature !== undefined) {
        notes.approximated(`${field}.signature`, `left out: only ${part.signature.issuer} can read it`);
      }
      const id = wireCallId(part.id);
      draft.calls.push({ ...(id === undefined ? {} : { id }), function: { name: part.name, arguments: input } });
      break;
    }
    case 'image':
    case 'document':
      addFile(draft, part, field, notes);
      break;
    default:
      notes.dropped(field, `Ollama takes no ${part.type}`);
      draft.texts.push(`[${part.type === 'audio' ? 'An audio recording' : 'A video'} was left out.]`);
  }
}

function addFile(draft: MessageDraft, part: ImagePart | DocumentPart, field: string, notes: NoteList): void {
  const { source } = part;
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto') {
    notes.dropped(`${field}.detail`, 'Ollama has no resolution of images');
  }
  if (part.type === 'image' && source.kind === 'base64') {
    draft.images.push(source.data);
    return;
  }
  if (part.type === 'document' && part.context !== undefined) {
    notes.dropped(`${field}.context`, 'Ollama has no context of documents');
  }
  if (source.kind === 'text') {
    const title = part.type === 'document' ? part.title : undefined;
    notes.mapped(field, 'a text document is sent as text');
    draft.texts.push(title === undefined ? source.text : `${title}\n\n${source.text}`);
    return;
  }
  const isInside = source.kind === 'base64';
  notes.dropped(field, isInside ? 'Ollama takes no documents but text' : 'Ollama takes files only inside the request');
  draft.texts.push(part.type === 'image' ? '[An image was left out.]' : '[A document was left out.]');
}
