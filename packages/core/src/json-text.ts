/** Anything but what stands in a JSON string as it is: quotes, backslashes, control characters, and surrogates because they may be alone. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A text as JSON, quotes included: what JSON.stringify gives, at a fraction of the cost for a short text that needs no escape. */
export function jsonText(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}
