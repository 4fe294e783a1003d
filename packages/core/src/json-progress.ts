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
  let complete = false;
  return {
    get complete() {
      return complete;
    },
    add(piece) {
      for (let index = 0; index < piece.length && !complete; index += 1) {
        const character = piece[index];
        if (escaped) escaped = false;
        else if (inString) {
          if (character === '\\') escaped = true;
          else if (character === '"') inString = false;
        } else if (character === '"') inString = true;
        else if (character === '{' || character === '[') depth += 1;
        else if (character === '}' || character === ']') {
          depth -= 1;
          complete = depth <= 0;
        }
      }
    },
  };
}
