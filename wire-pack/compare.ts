import { isJsonObject, type JsonValue } from '../packages/core/src/index.ts';
import { type Place, placeName } from './json-path.ts';

/** Where two values differ, in words: `usage.input_tokens: 12 became 10`. The order of members says nothing. */
export function compare(before: unknown, after: unknown): readonly string[] {
  const found: string[] = [];
  walk(before as JsonValue, after as JsonValue, [], found);
  return found;
}

function walk(before: JsonValue | undefined, after: JsonValue | undefined, place: Place, found: string[]): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let index = 0; index < length; index += 1) walk(before[index], after[index], [...place, index], found);
    return;
  }
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      walk(before[key], after[key], [...place, key], found);
    }
    return;
  }
  const name = placeName(place) || 'the whole';
  if (before === undefined) found.push(`${name}: ${shown(after)} was added`);
  else if (after === undefined) found.push(`${name}: ${shown(before)} is missing`);
  else found.push(`${name}: ${shown(before)} became ${shown(after)}`);
}

function shown(value: JsonValue | undefined): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
