import type { Extensions } from './part.ts';

const FORM = '/form';

/**
 * The key of the extensions under which a format keeps how something was written, where that tells other formats nothing: ids of
 * items, where one message ended and the next began, notes of the client's to itself. Such fields go back out to their own format;
 * elsewhere nothing is lost without them, so translation does not report them.
 *
 * @example
 * ```ts
 * const part = { type: 'text', text: 'Hello', extensions: { [formKey('openai-responses')]: { id: 'msg_1' } } };
 * ```
 */
export function formKey(format: string): string {
  return `${format}${FORM}`;
}

/** A field that only one format has. */
export interface ForeignField {
  readonly format: string;
  readonly key: string;
}

/** The fields that mean something and that `format` has no place for: what its encoder leaves behind and has to report. */
export function foreignFields(extensions: Extensions | undefined, format: string): readonly ForeignField[] {
  if (extensions === undefined) return [];
  const foreign: ForeignField[] = [];
  for (const [owner, fields] of Object.entries(extensions)) {
    if (owner === format || owner.endsWith(FORM)) continue;
    for (const key of Object.keys(fields)) foreign.push({ format: owner, key });
  }
  return foreign;
}
