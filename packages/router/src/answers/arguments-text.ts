/** Follows the arguments of a call that is made anew behind those that were sent. Made per call. */
export interface ArgumentsText {
  /** The text to send on for a piece; undefined when the two don't say the same. */
  push(piece: string): string | undefined;
  /** Whether all that was sent has come again. */
  readonly caughtUp: boolean;
}

const BLANK = /\s/;
/** What a number or a word of JSON goes on with. */
const WORD = /[\w.+-]/;

/**
 * The beginning of a call that was sent is swallowed as long as it comes again: to the letter within strings, while blanks between the tokens may
 * differ, since they mean nothing. What comes behind it goes on. Where the two differ, nothing can be sent that would be a call that anybody made.
 *
 * `json: false`: the input is free text, and every character counts.
 */
export function createArgumentsText(sent: string, json: boolean): ArgumentsText {
  const due = json ? withoutBlanks(sent) : sent;
  // A number that was sent and closed by a blank must not go on behind it.
  const closed = json && due !== '' && BLANK.test(sent.at(-1) ?? '') && WORD.test(due.at(-1) ?? '');
  const isBlank = createBlankWatch();
  let seen = 0;
  let goesOn = !closed;

  return {
    get caughtUp() {
      return seen === due.length;
    },
    push(piece) {
      for (let at = 0; at < piece.length; at += 1) {
        const character = piece[at] ?? '';
        if (seen === due.length) {
          const rest = piece.slice(at);
          if (!goesOn && WORD.test(rest[0] ?? '')) return undefined;
          goesOn = true;
          return rest;
        }
        if (json && isBlank(character)) continue;
        if (character !== due[seen]) return undefined;
        seen += 1;
      }
      return '';
    },
  };
}

/** Says of each character of JSON text whether it is a blank between two tokens. */
function createBlankWatch(): (character: string) => boolean {
  let inString = false;
  let escaped = false;
  return (character) => {
    if (!inString) {
      inString = character === '"';
      return BLANK.test(character);
    }
    if (escaped) escaped = false;
    else if (character === '\\') escaped = true;
    else if (character === '"') inString = false;
    return false;
  };
}

function withoutBlanks(text: string): string {
  const isBlank = createBlankWatch();
  return text
    .split('')
    .filter((character) => !isBlank(character))
    .join('');
}
