/** What a file's bytes say, or why they say nothing. */
export type FileText = { readonly text: string } | { readonly problem: string };

/** The text of a file, which must be UTF-8. What an editor or a shell wrote as UTF-16 would otherwise be read as gibberish, or as nothing. A byte order mark stays. */
export function fileText(bytes: Uint8Array): FileText {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) return { problem: 'it is UTF-16; save it as UTF-8' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: 'it is not UTF-8; save it as UTF-8' };
  }
}
