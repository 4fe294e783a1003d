import { asObject, type CacheMark, type JsonObject, type JsonValue, type NoteList } from '@signalbox/core';
import { leftovers } from './extensions.ts';

const KNOWN: ReadonlySet<string> = new Set(['type', 'ttl']);

/** A `cache_control` as a mark; `undefined` where it says more than a mark can, and has to be kept as it is. */
export function decodeCacheControl(value: JsonValue | undefined): CacheMark | undefined {
  const control = asObject(value);
  if (control === undefined || control.type !== 'ephemeral' || leftovers(control, KNOWN) !== undefined)
    return undefined;
  switch (control.ttl) {
    case undefined:
    case null:
      return {};
    case '5m':
    case '1h':
      return { ttl: control.ttl };
    default:
      return undefined;
  }
}

/** A mark as `cache_control`. Anthropic knows five minutes and one hour; other times become one hour. */
export function encodeCacheControl(mark: CacheMark, field: string, notes: NoteList): JsonObject {
  if (mark.ttl === undefined) return { type: 'ephemeral' };
  if (mark.ttl === '5m' || mark.ttl === '1h') return { type: 'ephemeral', ttl: mark.ttl };
  notes.approximated(field, `a cache lives 5m or 1h here: ${mark.ttl} became 1h`);
  return { type: 'ephemeral', ttl: '1h' };
}
