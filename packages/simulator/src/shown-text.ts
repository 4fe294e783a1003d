import type { JsonValue } from '@signalbox/core';

/** A value of a request as a text: itself, or its JSON. `String` throws for an object whose member `toString` is no function, and callers may send one. */
export function shownText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}
