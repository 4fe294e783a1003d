import { isJsonObject, type JsonObject, type JsonValue, mergeObjects } from './json.ts';
import type { Extensions } from './part.ts';

const FORM = '/form';

/** Keys that were made before: a text put together anew has to be looked up by its letters each time. One for each format there is. */
const formKeys = new Map<string, string>();

/**
 * The key of the extensions under which a format keeps how something was written, where that tells other formats nothing: ids of
 * items, where one message ended and the next began, notes of a client's to itself. Such fields go back out to their own format;
 * elsewhere nothing is lost without them, so translation does not report them.
 *
 * @example
 * ```ts
 * const part = { type: 'text', text: 'Hello', extensions: { [formKey('openai-responses')]: { id: 'msg_1' } } };
 * ```
 */
export function formKey(format: string): string {
  let key = formKeys.get(format);
  if (key === undefined) {
    key = `${format}${FORM}`;
    formKeys.set(format, key);
  }
  return key;
}

/** Whether a key of the extensions holds such fields. */
export function isFormKey(key: string): boolean {
  return key.endsWith(FORM);
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
    if (owner === format || isFormKey(owner)) continue;
    for (const key of Object.keys(fields)) foreign.push({ format: owner, key });
  }
  return foreign;
}

/** Which fields are form: by name, by name and value, or by the members of an object. */
export interface FormRules {
  readonly [field: string]: true | ((value: JsonValue) => boolean) | FormRules;
}

/** Fields of one format as extensions, with what is form kept apart by `rules`; undefined where there are no fields. */
export function splitForm(fields: JsonObject | undefined, format: string, rules: FormRules): Extensions | undefined {
  if (fields === undefined) return undefined;
  const [meant, form] = split(fields, rules);
  if (form === undefined) return { [format]: fields };
  return { ...(meant === undefined ? {} : { [format]: meant }), [formKey(format)]: form };
}

function split(fields: JsonObject, rules: FormRules): [meant: JsonObject | undefined, form: JsonObject | undefined] {
  let meant: JsonObject | undefined;
  let form: JsonObject | undefined;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value === undefined) continue;
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined || (typeof rule === 'function' && !rule(value))) meant = withMember(meant, key, value);
    else if (typeof rule !== 'object' || !isJsonObject(value)) form = withMember(form, key, value);
    else {
      const [inner, innerForm] = split(value, rule);
      if (inner !== undefined) meant = withMember(meant, key, inner);
      // An empty object can be a mark by itself.
      if (inner === undefined || innerForm !== undefined) form = withMember(form, key, innerForm ?? {});
    }
  }
  return [meant, form];
}

/** Adds a member to an object that is being made: copying it for each would take longer with each. */
function withMember(made: JsonObject | undefined, key: string, value: JsonValue): JsonObject {
  const target = made ?? {};
  // An assignment would set the prototype.
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
  return target;
}

/** All fields of one format, form and meaning together again. */
export function joinForm(extensions: Extensions | undefined, format: string): JsonObject | undefined {
  const fields = extensions?.[format];
  const form = extensions?.[formKey(format)];
  return fields === undefined || form === undefined ? (fields ?? form) : mergeObjects(fields, form);
}
