import type { Message, ModelRequest } from '@signalbox/core';

/** A request taken apart: its last words, which may be said in another way, and all the rest, which may not. */
export interface ComparableText {
  readonly text: string;
  /** What in the text must be the same to the letter: figures, names with signs in them, whatever stands in quotation marks. */
  readonly marks: readonly string[];
  readonly withoutText: ModelRequest;
}

/** Longer texts differ in ways that one vector does not show. */
const MOST_CHARACTERS = 4_000;

const MARKS = /`[^`]*`|"[^"]*"|“[^”]*”|«[^»]*»|\S*\d\S*|\S+[/\\_@:]\S+/gu;

/**
 * The last words of a request that can be compared by their meaning; undefined where they can't: they are not plain text, or the request has
 * tools, since a call that was meant for something similar is a mistake with consequences.
 */
export function comparableText(request: ModelRequest): ComparableText | undefined {
  const last = request.messages.at(-1);
  if (last?.role !== 'user' || (request.tools?.length ?? 0) > 0) return undefined;
  const texts: string[] = [];
  for (const part of last.parts) {
    if (part.type !== 'text' || part.extensions !== undefined) return undefined;
    texts.push(part.text);
  }
  const text = texts.join('\n').trim();
  if (text === '' || text.length > MOST_CHARACTERS) return undefined;
  const emptied: Message = { ...last, parts: [] };
  return {
    text,
    marks: (text.match(MARKS) ?? []).map((mark) => mark.replace(/[.,;:!?]+$/u, '')),
    withoutText: { ...request, messages: [...request.messages.slice(0, -1), emptied] },
  };
}
