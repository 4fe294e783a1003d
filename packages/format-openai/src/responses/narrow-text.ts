/** A unit that makes V8 keep a whole text at two bytes each, which is then several times dearer to write as UTF-8. */
const WIDE = /[^\0-\u00ff]/g;
/** A text with more of them than one in so many stays as it is: escaped, it would be larger. */
const FEW = 16;
/** Characters of an escape: a backslash, a u and four digits. */
const ESCAPE = 6;
const DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** The inside of a JSON string with its few wide characters (dashes, quotation marks) as escapes: the same string, written sooner. */
export function narrow(inside: string): string {
  WIDE.lastIndex = 0;
  if (!WIDE.test(inside)) return inside;
  const few = Math.floor(inside.length / FEW);
  // V8 keeps what is made of a wide text at two bytes a unit, although none is wide any more: it is written as bytes.
  const bytes = Buffer.allocUnsafe(inside.length + few * (ESCAPE - 1));
  let from = 0;
  let end = 0;
  let count = 0;
  do {
    count += 1;
    if (count > few) return inside;
    const place = WIDE.lastIndex - 1;
    end += bytes.write(inside.slice(from, place), end, 'latin1');
    writeEscape(bytes, end, inside.charCodeAt(place));
    end += ESCAPE;
    from = place + 1;
  } while (WIDE.test(inside));
  end += bytes.write(inside.slice(from), end, 'latin1');
  return bytes.toString('latin1', 0, end);
}

function writeEscape(bytes: Buffer, at: number, unit: number): void {
  bytes[at] = 0x5c;
  bytes[at + 1] = 0x75;
  for (let digit = 0; digit < 4; digit += 1) bytes[at + 2 + digit] = DIGITS[(unit >> (12 - 4 * digit)) & 15] ?? 0;
}
