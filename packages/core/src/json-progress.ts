import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-characters.ts';

/** Tells when a JSON object that comes in pieces is complete, reading each character once. */
export interface JsonProgress {
  add(piece: string): void;
  readonly complete: boolean;
}

/** Starts at an object's first character. */
export function createJsonProgress(): JsonProgress {
  let depth = 0;
  let inString = false;
  let escaped = false;
  const progress = {
    complete: false,
    add(piece: string) {
      for (let index = 0; index < piece.length && !progress.complete; index += 1) {
        const character = piece.charCodeAt(index);
        if (escaped) escaped = false;
        else if (inString) {
          if (character === BACKSLASH) escaped = true;
          else if (character === QUOTE) inString = false;
        } else if (character === QUOTE) inString = true;
        else if (character === OPEN_BRACE || character === OPEN_BRACKET) depth += 1;
        else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) {
          depth -= 1;
          progress.complete = depth <= 0;
        }
      }
    },
  };
  return progress;
}
