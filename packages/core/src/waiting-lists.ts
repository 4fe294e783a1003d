/** Something that waits until it is taken. */
export interface Waiting {
  taken: boolean;
}

/** Lists of what waits, by key, in order. One thing may wait in several lists; marking it as taken removes it from all. */
export interface WaitingLists<Item extends Waiting> {
  add(key: string, item: Item): void;
  /** The one that has waited longest under a key. */
  first(key: string): Item | undefined;
}

/**
 * For calls that wait for their results: a conversation may hold a hundred thousand of them, answered in any order, so nothing is searched for and
 * nothing moves up. Each item is passed over once at most.
 */
export function createWaitingLists<Item extends Waiting>(): WaitingLists<Item> {
  const lists = new Map<string, { readonly items: Item[]; start: number }>();
  return {
    add(key, item) {
      const list = lists.get(key);
      if (list === undefined) lists.set(key, { items: [item], start: 0 });
      else list.items.push(item);
    },
    first(key) {
      const list = lists.get(key);
      if (list === undefined) return undefined;
      while (list.items[list.start]?.taken === true) list.start += 1;
      return list.items[list.start];
    },
  };
}
