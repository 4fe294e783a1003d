import { tidyText } from './tidy-text.ts';
import { withoutCourtesy } from './without-courtesy.ts';
import { withoutReminders } from './without-reminders.ts';

/** No more than this of a prompt is read, so that no prompt can make the analysis slow. */
export const READ_CHARACTERS = 3_000;
/** So much of that is its end: an instruction often stands behind what was pasted. */
const READ_END = 600;
const READ_BEGINNING = READ_CHARACTERS - READ_END - 1;
/** So many characters are looked at for one that is read: some are blanks that say nothing. */
const SLACK = 2;

/** A prompt as the features see it. */
export interface ReadPrompt {
  /** Tidy (`tidyText`), without courtesy and a full stop at its end; of a long prompt the beginning and the end. */
  readonly text: string;
  /** Characters of the whole. */
  readonly length: number;
}

const codes = new Uint16Array(SLACK * READ_CHARACTERS + 1);

/** Reads a user's turn: the same for training and for use, so that an edit that means nothing changes nothing. */
export function readPrompt(prompt: string): ReadPrompt {
  const said = withoutCourtesy(withoutReminders(prompt).trim());
  if (said.length <= SLACK * READ_CHARACTERS) {
    const text = withoutStop(tidied(said, 0, said.length));
    return { text: clipped(text, text), length: text.length };
  }
  const beginning = tidied(said, 0, SLACK * READ_BEGINNING);
  const end = withoutStop(tidied(said, said.length - SLACK * READ_END, said.length));
  return { text: `${beginning.slice(0, READ_BEGINNING)}\n${end.slice(-READ_END)}`, length: said.length };
}

function clipped(beginning: string, end: string): string {
  return beginning.length <= READ_CHARACTERS
    ? beginning
    : `${beginning.slice(0, READ_BEGINNING)}\n${end.slice(-READ_END)}`;
}

function tidied(text: string, from: number, to: number): string {
  const length = tidyText(text, from, to, codes);
  if (length === to - from && isSame(text, from, length)) return text.slice(from, to);
  return String.fromCharCode.apply(null, codes.subarray(0, length) as unknown as number[]);
}

/** Whether nothing had to be tidied: most prompts are as they should be, and a part of a string costs nothing. */
function isSame(text: string, from: number, length: number): boolean {
  let at = 0;
  while (at < length && codes[at] === text.charCodeAt(from + at)) at += 1;
  return at === length;
}

/** Full stops and exclamation marks at the end, of which nothing but a mark's absence is left where there is nothing else. */
function withoutStop(text: string): string {
  let end = text.length;
  while (end > 0 && STOPS.has(text.charCodeAt(end - 1))) end -= 1;
  return end === 0 ? text : text.slice(0, end);
}

const STOPS: ReadonlySet<number> = new Set([...' \n.!。！'].map((stop) => stop.charCodeAt(0)));
