/** The entry of a table for a word from the wire: never what every object inherits (`constructor`, `__proto__`). */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, word: string | undefined): Value | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}
