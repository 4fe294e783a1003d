import { correctedWord } from './swapped-letters.ts';

const BLANK = 0x20;
const BREAK = 0x0a;

/**
 * Writes characters `from` to `to` of a text without what means nothing, and gives how many were written: runs of blanks within a line are one, lines have no blanks at
 * their end, blank lines come singly, breaks are `\n`, blanks and quotation marks are the plain ones, two swapped letters of a task word are put right. Indentation
 * stays: it is structure. One pass.
 */
export function tidyText(text: string, from: number, to: number, into: Uint16Array): number {
  let length = 0;
  // What stands between the last character and the next: written once it is known that there is a next.
  let breaks = 0;
  let indentFrom = -1;
  let blank = false;
  let wordStart = -1;
  for (let at = from; at < to; at += 1) {
    const code = plainCode(text.charCodeAt(at));
    if (code === NOTHING) continue;
    if (code <= BLANK) {
      if (wordStart !== -1) wordStart = correctedWord(into, wordStart, length);
      if (code === BREAK) {
        breaks += 1;
        indentFrom = at + 1;
      } else if (code === CARRIAGE_RETURN) {
        if (text.charCodeAt(at + 1) !== BREAK) {
          breaks += 1;
          indentFrom = at + 1;
        }
      } else blank = true;
      continue;
    }
    if (breaks > 0) {
      if (length > 0) {
        for (let line = Math.min(2, breaks); line > 0; line -= 1) into[length++] = BREAK;
        for (let indent = indentFrom; indent < at; indent += 1) {
          const one = plainCode(text.charCodeAt(indent));
          if (one !== NOTHING) into[length++] = one;
        }
      }
    } else if (blank && length > 0) into[length++] = BLANK;
    breaks = 0;
    blank = false;
    if (isLetter(code)) {
      if (wordStart === -1) wordStart = length;
    } else if (wordStart !== -1) wordStart = correctedWord(into, wordStart, length);
    into[length++] = code;
  }
  if (wordStart !== -1) correctedWord(into, wordStart, length);
  return length;
}

const CARRIAGE_RETURN = 0x0d;
/** For characters that nobody sees. */
const NOTHING = -1;

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** The plain form of blanks and quotation marks. */
function plainCode(code: number): number {
  if (code < 0xa0) return code;
  if (code === 0xa0 || code === 0x3000 || code === 0x202f) return BLANK;
  if (code === 0xfeff) return NOTHING;
  if (code < 0x2000 || code > 0x2060) return code;
  if (code <= 0x200a) return BLANK;
  if (code <= 0x200d || code === 0x2060) return NOTHING;
  if (code === 0x2028 || code === 0x2029) return BREAK;
  if (code >= 0x2018 && code <= 0x201b) return 0x27;
  return code >= 0x201c && code <= 0x201f ? 0x22 : code;
}
