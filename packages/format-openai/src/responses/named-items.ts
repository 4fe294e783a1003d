import {
  asArray,
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  type NamedItems,
  parseJson,
} from '@signalbox/core';

const MARK = Buffer.from('"item_reference"');

/**
 * Items that a request names (`item_reference`) instead of sending them, as the AI SDK does of thoughts and of the messages behind them unless it is told `store: false`. Thoughts
 * are left out: their text means nothing to another model, and what their own issuer needs of them comes back with the calls (`Vault`).
 */
export const namedItems: NamedItems = {
  mayName: (body) => Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(MARK),
  insert(body, find) {
    let found = false;
    const input = asArray(body.input).flatMap((item): JsonValue[] => {
      const { type, id } = asObject(item) ?? {};
      const text = type === 'item_reference' && typeof id === 'string' ? find(id) : undefined;
      const kept = text === undefined ? undefined : asObject(parseJson(text));
      if (kept === undefined) return [item];
      found = true;
      if (kept.type === 'reasoning') return [];
      // A provider that has it not would look for it by its id.
      const { id: _, ...inserted } = kept;
      return [inserted];
    });
    return found ? { ...body, input } : undefined;
  },
};

/** What is kept of an item as it was written. */
export function keptItem(item: JsonObject): { readonly id: string; readonly text: string } | undefined {
  const id = asString(item.id);
  if (id === undefined) return undefined;
  return { id, text: JSON.stringify(item.type === 'reasoning' ? { type: 'reasoning' } : item) };
}
