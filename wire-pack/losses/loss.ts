import { isDeepStrictEqual } from 'node:util';
import { type Extensions, isFormKey } from '../../packages/core/src/index.ts';

/** Something that a request said and that the request made of it does not say. */
export interface Loss {
  /** Where it stood, in the spelling of translation notes: `messages[3].parts[0].cache`. */
  readonly field: string;
  readonly what: string;
}

/** Notes a loss. */
export type Lose = (field: string, what: string) => void;

/** Compares a value that may be absent. */
export function compareValue(field: string, before: unknown, after: unknown, lose: Lose): void {
  if (before === undefined || isDeepStrictEqual(plain(before), plain(after))) return;
  lose(field, after === undefined ? shown(before) : `${shown(before)} became ${shown(after)}`);
}

/** Without members that are undefined. */
export function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** Compares the fields that one format alone has. `field` is `''` for those of the request. */
export function compareExtensions(
  field: string,
  before: Extensions | undefined,
  after: Extensions | undefined,
  lose: Lose,
) {
  for (const [format, fields] of Object.entries(before ?? {})) {
    // How a format wrote it is nothing that another could lose.
    if (isFormKey(format)) continue;
    for (const [key, value] of Object.entries(fields)) {
      const place = `extensions.${format}.${key}`;
      compareValue(field === '' ? place : `${field}.${place}`, value, after?.[format]?.[key], lose);
    }
  }
}

/** A value in a few characters. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
