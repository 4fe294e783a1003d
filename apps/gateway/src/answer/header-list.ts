/**
 * Headers as node takes them with the least work: a name, its value, the next name. An object of them would be looked up member by member, twice where it grew. No name stands
 * in it twice.
 */
export type HeaderList = string[];

export function addHeaders(list: HeaderList, more: Readonly<Record<string, string>>): void {
  for (const name in more) list.push(name, more[name] ?? '');
}

/** The same list for a `Response`. */
export function headerPairs(list: HeaderList): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < list.length; at += 2) pairs.push([list[at] ?? '', list[at + 1] ?? '']);
  return pairs;
}
