const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Bytes as text; without a byte order mark, and with U+FFFD for what is no UTF-8. One decoder for all: to make one costs more than a short text. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Text as bytes. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}
