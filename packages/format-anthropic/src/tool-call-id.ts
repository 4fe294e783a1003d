const ALLOWED = /^[a-zA-Z0-9_-]+$/;

/**
 * An id that Anthropic takes (`^[a-zA-Z0-9_-]+$`): unchanged where it fits, else with a hash of the original, so that two
 * different ids stay different and a call and its result stay together.
 */
export function safeToolCallId(id: string): string {
  if (ALLOWED.test(id)) return id;
  return `${id.replace(/[^a-zA-Z0-9_-]/g, '_')}_${fnv1a(id)}`;
}

/** FNV-1a, 32 bits, as eight hexadecimal digits. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
