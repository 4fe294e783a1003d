/** Anything but what stands in a JSON string as it is: quotes, backslashes, control characters, and surrogates because they may be alone. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/**
 * A text as it stands between the quotes of a JSON string: what JSON.stringify gives, at a fraction of the cost for a short text that needs no
 * escape. For events that are put together by hand.
 */
export function jsonInside(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}
