import {
  asObject,
  type Caller,
  encodeUtf8,
  parseRequest,
  type RequestBytes,
  type WireFormat,
  wholeBytes,
} from '@signalbox/core';

/** Items that were written for callers, who may name them later instead of sending them, where no provider has them. In this process's memory. */
export interface ItemShelf {
  /** Puts an item of an answer to this caller there. */
  keeper(caller: Caller): (id: string, item: string) => void;
  /** A request with the items that it names in their places; the very same bytes where it names none that are here. */
  insert(body: RequestBytes, format: WireFormat, caller: Caller): RequestBytes;
}

/** Characters at most: the oldest items go first. */
const CAPACITY = 16_000_000;
const DAY_MS = 86_400_000;

interface Kept {
  readonly item: string;
  readonly until: number;
}

export function createItemShelf(now: () => number, capacity = CAPACITY): ItemShelf {
  // A Map keeps the order of insertion, so the first is the oldest.
  const items = new Map<string, Kept>();
  let size = 0;

  function remove(name: string): void {
    const kept = items.get(name);
    if (kept === undefined) return;
    size -= name.length + kept.item.length;
    items.delete(name);
  }

  function put(name: string, item: string): void {
    remove(name);
    items.set(name, { item, until: now() + DAY_MS });
    size += name.length + item.length;
    for (const oldest of items.keys()) {
      if (size <= capacity) break;
      remove(oldest);
    }
  }

  function find(name: string): string | undefined {
    const kept = items.get(name);
    if (kept !== undefined && kept.until <= now()) remove(name);
    return items.get(name)?.item;
  }

  return {
    keeper(caller) {
      const name = namesOf(caller);
      return (id, item) => put(name(id), item);
    },
    insert(body, { namedItems }, caller) {
      if (namedItems === undefined || items.size === 0) return body;
      if (!namedItems.mayName(wholeBytes(body))) return body;
      const request = asObject(parseRequest(body));
      const name = namesOf(caller);
      const whole = request && namedItems.insert(request, (id) => find(name(id)));
      return whole === undefined ? body : encodeUtf8(JSON.stringify(whole));
    },
  };
}

/** Whoever shows another key finds nothing. Where nobody has to say who asks, all is everybody's. */
function namesOf({ tenant, key, user, unproven }: Caller): (id: string) => string {
  const owner = JSON.stringify([tenant, key ?? null, key === undefined && unproven !== true ? (user ?? null) : null]);
  return (id) => `${owner}${id}`;
}
