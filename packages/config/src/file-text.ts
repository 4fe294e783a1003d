/** What a file's bytes say, or why they say nothing. */
export type FileText = { readonly text: string } | { readonly problem: string };

/** Why bytes are no text that anybody here reads: what some shells and editors write as UTF-16 would be gibberish. */
export function whyGibberish(bytes: Uint8Array): string | undefined {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  return mark === 0xfffe || mark === 0xfeff ? 'it is UTF-16; save it as UTF-8' : undefined;
}

/** The text of a file, which must be UTF-8. A byte order mark stays. */
export function fileText(bytes: Uint8Array): FileText {
  const problem = whyGibberish(bytes);
  if (problem !== undefined) return { problem };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: 'it is not UTF-8; save it as UTF-8' };
  }
}
