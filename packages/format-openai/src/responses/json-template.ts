import type { JsonObject } from '@signalbox/core';

/** What stands in the place of a value is this, its number and a quotation mark. Nobody who writes a text knows it: it is made for each process. */
const HOLE = `"${crypto.randomUUID()}#`;

/** Writes an object with values that are JSON already. */
export type JsonTemplate = (...values: readonly string[]) => string;

/**
 * An object that is written as JSON once, whatever is said in `holes` places of it (ten at most): the values come as JSON. Inside an array a place takes any number
 * of values, with commas between them. It is made when it is first used.
 *
 * @example
 * ```ts
 * const greeting = jsonTemplate(1, (text) => ({ type: 'text', text }));
 * greeting('"Hello"'); // {"type":"text","text":"Hello"}
 * ```
 */
export function jsonTemplate(holes: number, write: (...holes: string[]) => JsonObject): JsonTemplate {
  let head: string | undefined;
  let order: number[] = [];
  let tails: string[] = [];

  function compile(): string {
    const standIns = Array.from({ length: holes }, (_, index) => `${HOLE.slice(1)}${index}`);
    const [first = '', ...others] = JSON.stringify(write(...standIns)).split(HOLE);
    order = others.map((other) => Number(other[0]));
    tails = others.map((other) => other.slice(2));
    return first;
  }

  return (...values) => {
    head ??= compile();
    let text = head;
    for (let place = 0; place < tails.length; place += 1) {
      text += `${values[order[place] ?? 0] ?? ''}${tails[place] ?? ''}`;
    }
    return text;
  };
}
