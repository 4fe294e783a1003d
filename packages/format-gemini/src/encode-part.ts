import {
  fieldPath,
  isJsonObject,
  type JsonObject,
  mergeObjects,
  type NoteList,
  type Part,
  parseJson,
  type ReasoningPart,
  type ToolCallPart,
  type ToolResultPart,
} from '@signalbox/core';
import { wireCallId } from './call-id.ts';
import { GEMINI, GOOGLE } from './gemini-id.ts';
import { writeMedia } from './media.ts';

/** Google's own word for "this step was not taken by Gemini: do not look for its signature". */
export const SIGNATURE_SENTINEL = 'skip_thought_signature_validator';

/** Writes any part but a tool result; undefined where nothing of it can go to Google, which is noted. */
export function encodePart(
  part: Exclude<Part, ToolResultPart>,
  field: string,
  notes: NoteList,
): JsonObject | undefined {
  if (part.type === 'opaque') {
    // Media that a model made travel in streams under the name of the canonical form.
    if (part.format === 'canonical')
      return encodePart(part.value as unknown as Exclude<Part, ToolResultPart>, field, notes);
    if (part.format === GEMINI) return part.value;
    if (part.restated !== true) notes.dropped(field, `only ${part.format} has this kind of content`);
    return undefined;
  }
  if (part.cache !== undefined) notes.approximated(fieldPath(field, 'cache'), 'Gemini caches prompts by itself');
  notes.foreign(field, part.extensions);
  const written = writePart(part, field, notes);
  const own = part.extensions?.[GEMINI];
  return written === undefined || own === undefined ? written : mergeObjects(written, own);
}

function writePart(
  part: Exclude<Part, ToolResultPart | { type: 'opaque' }>,
  field: string,
  notes: NoteList,
): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      if (part.refusal === true) {
        notes.approximated(fieldPath(field, 'refusal'), 'a refusal is plain text in a conversation');
      }
      return { text: part.text };
    case 'reasoning':
      return writeReasoning(part, field, notes);
    case 'tool-call':
      return writeCall(part, field, notes);
    default:
      return writeMedia(part, field, notes);
  }
}

function writeReasoning(part: ReasoningPart, field: string, notes: NoteList): JsonObject | undefined {
  const issuer = part.signature?.issuer ?? part.encrypted?.issuer;
  if (issuer !== undefined && issuer !== GOOGLE) {
    notes.dropped(field, `reasoning that ${issuer} signed goes back to ${issuer} alone`);
    return undefined;
  }
  const signature = part.signature?.value ?? part.encrypted?.value;
  if (part.text === '' && signature === undefined) return undefined;
  return {
    ...(part.text === '' ? {} : { text: part.text }),
    thought: true,
    ...(signature === undefined ? {} : { thoughtSignature: signature }),
  };
}

function writeCall(part: ToolCallPart, field: string, notes: NoteList): JsonObject {
  const { args, exact } = callArguments(part);
  if (!exact) {
    notes.approximated(
      part.kind === 'custom' ? field : fieldPath(field, 'arguments'),
      part.kind === 'custom'
        ? 'the text of a free-text tool is sent as the argument "input"'
        : 'arguments that are not a JSON object are sent as the argument "__raw"',
    );
  }
  const id = wireCallId(part.id);
  const call: JsonObject = {
    ...(id === undefined ? {} : { id }),
    name: part.name,
    ...(args === undefined ? {} : { args }),
  };
  if (part.signature === undefined) return { functionCall: call };
  if (part.signature.issuer === GOOGLE) return { functionCall: call, thoughtSignature: part.signature.value };
  notes.approximated(fieldPath(field, 'signature'), `left out: only ${part.signature.issuer} can read it`);
  return { functionCall: call };
}

/** A call's arguments as an object; `exact` is false where they had to be wrapped. */
function callArguments(part: Pick<ToolCallPart, 'arguments' | 'kind'>): {
  readonly args: JsonObject | undefined;
  readonly exact: boolean;
} {
  if (part.kind === 'custom') return { args: { input: part.arguments }, exact: false };
  if (part.arguments === '') return { args: undefined, exact: true };
  const parsed = parseJson(part.arguments);
  if (isJsonObject(parsed)) return { args: parsed, exact: true };
  return parsed === null ? { args: undefined, exact: true } : { args: { __raw: part.arguments }, exact: false };
}
