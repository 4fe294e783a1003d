import { defaultEntries } from '../../packages/config/src/defaults.ts';
import { configurationJsonSchema } from '../../packages/config/src/index.ts';
import { SPELLINGS } from '../../packages/config/src/spellings.ts';
import { asArray, asObject, asString, type JsonObject } from '../../packages/core/src/index.ts';
import { EXAMPLES } from './examples.ts';

/** A key of the configuration, as its reference tells it. */
export interface ConfigurationKey {
  /** `providers.<name>.api_key`, `routing.rules[].model`. */
  readonly path: string;
  readonly type: string;
  /** Absent: none. */
  readonly defaultValue?: string | undefined;
  readonly meaning: string;
  /** As it stands in YAML. */
  readonly example: string;
  /** Other places where the same may be written. */
  readonly also: readonly string[];
}

export interface ConfigurationBlock {
  readonly name: string;
  readonly meaning: string;
  readonly keys: readonly ConfigurationKey[];
}

/** All keys of a configuration file by their blocks, in the order of the schema. A key that may be written in several places stands at its main one. */
export function configurationBlocks(): readonly ConfigurationBlock[] {
  const { properties } = configurationJsonSchema();
  const aliases = otherSpellings();
  const places = Object.entries(asObject(properties) ?? {}).flatMap(([name, schema]) => placesBelow(schema, name, ''));
  const keys = places
    .filter(({ path }) => !aliases.has(path))
    .map((place) =>
      keyOf(
        place,
        [...aliases].flatMap(([alias, goal]) => (goal === place.path ? [alias] : [])),
      ),
    );
  const names = new Set(keys.map(({ path }) => blockOf(path)));
  return [...names].map((name) => ({
    name,
    meaning:
      name === GENERAL
        ? 'Keys that stand alone.'
        : (asString(asObject(asObject(properties)?.[name])?.description) ?? ''),
    keys: keys.filter(({ path }) => blockOf(path) === name),
  }));
}

const GENERAL = '';
const blockOf = (path: string) => /^[^.[]+(?=[.[])/.exec(path)?.[0] ?? (path === 'models' ? path : GENERAL);

/** Where the same is said in another place: [that place, the main one]. */
function otherSpellings(): ReadonlyMap<string, string> {
  const main = new Map<string, string>();
  const others = new Map<string, string>();
  for (const [written, goal] of SPELLINGS) {
    const path = named(written);
    const first = main.get(goal);
    if (first === undefined) main.set(goal, path);
    else others.set(path, first);
  }
  // A setting that is a list or a map as a whole has keys of its own below it.
  for (const [other, first] of [...others]) {
    for (const key of Object.keys(EXAMPLES)) {
      if (key.startsWith(`${first}[]`)) others.set(`${other}${key.slice(first.length)}`, key);
    }
    if (first === 'budget.alerts') others.set(`${other}[].action`, `${first}[].action`);
  }
  return others;
}

/** Stars of a spelling as the names that the reference gives them; at the end they stand for the map as a whole. */
const named = (written: string) => written.replace(/\.\*$/, '').replaceAll('*', '<name>');

/** A key in the schema, and what is said of it there or above it. */
interface Place {
  readonly schema: JsonObject;
  readonly path: string;
  readonly described: string;
}

function placesBelow(schema: unknown, path: string, above: string): readonly Place[] {
  const own = asObject(schema) ?? {};
  const described = asString(own.description) ?? above;
  const forms = formsOf(own);
  const fields = forms.flatMap((form) => Object.entries(asObject(form.properties) ?? {}));
  const maps = forms.flatMap((form) => (hasFields(form.additionalProperties) ? [form.additionalProperties] : []));
  const lists = forms.flatMap((form) => (hasFields(form.items) ? [form.items] : []));
  const mapName = path.endsWith('.models') ? 'short name' : 'name';
  const below = [
    ...fields.flatMap(([key, one]) => placesBelow(one, `${path}.${key}`, '')),
    ...maps.flatMap((one) => placesBelow(one, `${path}.<${mapName}>`, '')),
    // What a map of the same things says already is not said again of their list.
    ...(maps.length > 0 ? [] : lists.flatMap((one) => placesBelow(one, `${path}[]`, ''))),
  ];
  const isKey = below.length === 0 || EXAMPLES[path] !== undefined;
  return isKey ? [{ schema: own, path, described }, ...below] : below;
}

function keyOf({ schema, path, described }: Place, also: readonly string[]): ConfigurationKey {
  const { meaning, value } = splitDefault(described);
  const known = defaultEntries.find(({ main }) => main.join('.') === path)?.value;
  const defaultValue = known === undefined ? value : String(known);
  return { path, type: typeOf(schema), defaultValue, meaning, example: exampleOf(schema, path, defaultValue), also };
}

/** A default that the description names at its end is a column of its own. */
function splitDefault(description: string): { readonly meaning: string; readonly value?: string } {
  const found = /^(.*?)[ ;,]*\bdefault:? (.+?)\.?$/is.exec(description);
  if (found === null) return { meaning: description };
  const [, before = '', value = ''] = found;
  const meaning = before.trim();
  return { meaning: meaning === '' || /[.)]$/.test(meaning) ? meaning : `${meaning}.`, value };
}

/** An example of the table, or another word than the default of a fixed set. */
function exampleOf(schema: JsonObject, path: string, defaultValue: string | undefined): string {
  const own = EXAMPLES[path];
  if (own !== undefined) return own;
  const words = asString(schema.title) === 'true or false' ? ['true', 'false'] : asArray(schema.enum).map(String);
  const found = words.find((word) => word !== defaultValue);
  if (found === undefined) throw new Error(`${path} has no example: give it one in scripts/configuration/examples.ts`);
  return found;
}

function typeOf(schema: JsonObject): string {
  const forms = formsOf(schema);
  const title = asString(schema.title);
  if (title !== undefined) return title;
  if (forms.length > 1) return [...new Set(forms.map(typeOf))].join(', or ');
  const { enum: words, const: word, items, additionalProperties, type } = schema;
  if (Array.isArray(words)) return words.map((one) => `\`${one}\``).join(', ');
  if (typeof word === 'string') return `\`${word}\``;
  if (items !== undefined) return `list of ${plural(typeOf(asObject(items) ?? {}))}`;
  if (additionalProperties !== undefined && additionalProperties !== false) return 'map by name';
  if (type === 'string') return 'text';
  return type === 'object' ? 'map' : (asString(type) ?? 'anything');
}

const plural = (type: string) => (type === 'text' ? 'texts' : type);

function formsOf(schema: JsonObject): readonly JsonObject[] {
  const forms = asArray(schema.anyOf);
  return forms.length === 0 ? [schema] : forms.flatMap((form) => formsOf(asObject(form) ?? {}));
}

const hasFields = (schema: unknown) => formsOf(asObject(schema) ?? {}).some((form) => form.properties !== undefined);
