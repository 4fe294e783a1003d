import type { Quirks } from '@signalbox/core';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * How ids of tool calls are spelled for an endpoint: as they are, or hashed where it wants so many letters and digits
 * (`toolCallIdLength`; Mistral: 9) or at most so many characters (`maxToolCallIdLength`; Chat Completions: 40). One way is enough: the call
 * and its result are in the same request, and the same id always gives the same hash.
 */
export function createCallIds(quirks: Quirks, defaultMost = 40): (id: string) => string {
  const exact = typeof quirks.toolCallIdLength === 'number' ? quirks.toolCallIdLength : undefined;
  const most = typeof quirks.maxToolCallIdLength === 'number' ? quirks.maxToolCallIdLength : defaultMost;
  const length = exact ?? most;
  const fits = (id: string) =>
    exact === undefined ? id.length <= most : id.length === exact && /^[A-Za-z0-9]+$/.test(id);
  const sent = new Map<string, string>();
  const taken = new Set<string>();
  return (id) => {
    const before = sent.get(id);
    if (before !== undefined) return before;
    let spelled = fits(id) ? id : hash(id, length, 0);
    for (let salt = 1; taken.has(spelled); salt += 1) spelled = hash(id, length, salt);
    taken.add(spelled);
    sent.set(id, spelled);
    return spelled;
  };
}

/** FNV-1a over the text, continued for as many characters as are wanted. */
function hash(text: string, length: number, salt: number): string {
  let state = (0x811c9dc5 ^ salt) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  let result = '';
  while (result.length < length) {
    state = Math.imul(state ^ (result.length + 1), 0x01000193) >>> 0;
    result += ALPHABET[(state >>> 8) % ALPHABET.length];
  }
  return result;
}
