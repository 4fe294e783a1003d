import { isUtf16 } from './decode-text.ts';

/** Bytes at the beginning that are looked at. */
const HEAD = 8_192;

/** Whether bytes are no text: a PDF, or a zero byte near the beginning, as git takes it, where no mark says UTF-16. */
export function isBinary(bytes: Uint8Array): boolean {
  if (isUtf16(bytes)) return false;
  const head = bytes.subarray(0, HEAD);
  return head.includes(0) || Buffer.from(head.subarray(0, 5)).toString('latin1') === '%PDF-';
}
