/** Offsets in one text, as Google counts them (bytes of UTF-8) and as JavaScript does (UTF-16 code units). */
export interface ByteOffsets {
  readonly bytes: number;
  /** The bytes before a code unit. */
  toBytes(units: number): number;
  /** The code units before a byte; inside of a character: those before it. */
  toUnits(bytes: number): number;
}

/** Counts a text once; afterwards each offset is found without reading it again. */
export function createByteOffsets(text: string): ByteOffsets {
  const bytes = new TextEncoder().encode(text).length;
  const within = (offset: number, most: number) => Math.max(0, Math.min(Math.trunc(offset), most));
  if (bytes === text.length) {
    return { bytes, toBytes: (units) => within(units, bytes), toUnits: (offset) => within(offset, bytes) };
  }
  const before = new Uint32Array(text.length + 1);
  for (let unit = 0; unit < text.length; unit += 1) {
    const length = utf8Length(text.codePointAt(unit) ?? 0);
    const end = (before[unit] ?? 0) + length;
    // Both halves of a surrogate pair stand before the end of its character; the second has no beginning of its own.
    if (length === 4) {
      before[unit + 1] = before[unit] ?? 0;
      unit += 1;
    }
    before[unit + 1] = end;
  }
  return {
    bytes,
    toBytes: (units) => before[within(units, text.length)] ?? bytes,
    toUnits(offset) {
      const sought = within(offset, bytes);
      let low = 0;
      let high = text.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((before[middle] ?? 0) < sought) low = middle + 1;
        else high = middle;
      }
      return (before[low] ?? 0) > sought ? startOf(text, low - 1) : low;
    },
  };
}

/** The first unit of the character that a unit belongs to. */
function startOf(text: string, unit: number): number {
  const code = text.charCodeAt(unit);
  const isSecondHalf = code >= 0xdc00 && code <= 0xdfff && (text.codePointAt(unit - 1) ?? 0) > 0xffff;
  return isSecondHalf ? unit - 1 : unit;
}

/** Bytes of a character in UTF-8; a half of a pair that stands alone is written as U+FFFD. */
function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
