import { isJsonObject, type JsonValue } from '../packages/core/src/index.ts';

/** A place in a JSON value: `choices[].message.content`; `[]` is each entry of a list, `*` each member of an object. */
export type PathPattern = string;

/** A concrete place. */
export type Place = readonly (string | number)[];

type Container = Record<string, JsonValue | undefined> | (JsonValue | undefined)[];

/** Calls back for every place that a pattern means and whose parent exists; the member itself may be absent. */
export function visit(
  root: JsonValue,
  pattern: PathPattern,
  call: (parent: Container, key: string | number, place: Place) => void,
): void {
  const words = pattern
    .replaceAll('[]', '.[]')
    .split('.')
    .filter((word) => word !== '');
  descend(root, words, 0, [], call);
}

function descend(
  value: JsonValue | undefined,
  words: readonly string[],
  at: number,
  place: Place,
  call: (parent: Container, key: string | number, place: Place) => void,
): void {
  const word = words[at];
  if (word === undefined) return;
  for (const key of keysOf(value, word)) {
    const parent = value as Container;
    if (at === words.length - 1) call(parent, key, [...place, key]);
    else descend(member(parent, key), words, at + 1, [...place, key], call);
  }
}

function keysOf(value: JsonValue | undefined, word: string): readonly (string | number)[] {
  if (word === '[]') return Array.isArray(value) ? [...value.keys()] : [];
  if (!isJsonObject(value)) return [];
  return word === '*' ? Object.keys(value) : [word];
}

/** A member of an object or list. */
export function member(parent: Container, key: string | number): JsonValue | undefined {
  return (parent as Record<string | number, JsonValue | undefined>)[key];
}

/** Sets or, with `undefined`, removes a member. */
export function setMember(parent: Container, key: string | number, value: JsonValue | undefined): void {
  const target = parent as Record<string | number, JsonValue | undefined>;
  if (value === undefined && !Array.isArray(parent)) delete target[key];
  else target[key] = value;
}

/** The value at a concrete place. */
export function valueAt(root: JsonValue | undefined, place: Place): JsonValue | undefined {
  let value = root;
  for (const key of place) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = member(value as Container, key);
  }
  return value;
}

/** A place as people write it: `choices[0].message`. */
export function placeName(place: Place): string {
  return place.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}
