import type { BatchCodec } from '@signalbox/core';

/**
 * Requests as batches that a provider takes: no more of them, no more bytes and, where it asks for that, no more than one model in each. Keeps their order. A request that is larger than
 * a batch may be has one of its own: the provider says what it thinks of it.
 *
 * @example splitBatches(items, codec, ({ model }) => model, ({ body }) => body.length)
 */
export function splitBatches<Item>(
  items: readonly Item[],
  { mostRequests, mostBytes, oneModel }: Pick<BatchCodec, 'mostRequests' | 'mostBytes' | 'oneModel'>,
  modelOf: (item: Item) => string,
  bytesOf: (item: Item) => number,
): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  const open = new Map<string, { readonly batch: Item[]; bytes: number }>();
  for (const item of items) {
    const model = oneModel ? modelOf(item) : '';
    const bytes = bytesOf(item);
    const current = open.get(model);
    if (current !== undefined && current.batch.length < mostRequests && current.bytes + bytes <= mostBytes) {
      current.batch.push(item);
      current.bytes += bytes;
      continue;
    }
    const batch = [item];
    batches.push(batch);
    open.set(model, { batch, bytes });
  }
  return batches;
}
