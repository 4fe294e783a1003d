import { createNoteList, type JsonObject, type Part } from '@signalbox/core';
import { encodePart } from './encode-part.ts';
import { GEMINI } from './gemini-id.ts';

/**
 * Writes a part of an answer for a caller; undefined where a Gemini client has no word for it (another provider's signed
 * reasoning keeps its text and loses its signature, which only its issuer can read).
 */
export function encodeAnswerPart(part: Part): JsonObject | undefined {
  if (part.type === 'tool-result') return undefined;
  if (part.type === 'reasoning') {
    const { signature, encrypted: _encrypted, ...plain } = part;
    return encodePart(signature?.issuer === 'google' ? { ...plain, signature } : plain, '', createNoteList(GEMINI));
  }
  return encodePart(part, '', createNoteList(GEMINI));
}
