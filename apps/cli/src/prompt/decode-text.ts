/** The byte order marks of UTF-16 and their decoders: what Windows PowerShell and Notepad write (`>` of PowerShell 5.1). */
const MARKS = [
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

const markedAs = (bytes: Uint8Array) => MARKS.find(({ mark }) => bytes[0] === mark[0] && bytes[1] === mark[1]);

/** Whether a text says of itself that it is UTF-16. */
export const isUtf16 = (bytes: Uint8Array): boolean => markedAs(bytes) !== undefined;

/** A text without its byte order mark: UTF-8, or UTF-16 where a mark says so. What is no character of it becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string =>
  new TextDecoder(markedAs(bytes)?.encoding ?? 'utf-8').decode(bytes);
