import { readFile } from 'node:fs/promises';
import { asObject, type JsonObject, type JsonValue, type OutputFormat, parseJson, RouterError } from '@signalbox/core';
import { whyUnreadable } from './why-unreadable.ts';

/** What an answer must look like, and whether it does. */
export interface AnswerSchema {
  /** For the request: each provider's codec says it by the provider's own means. */
  readonly output: OutputFormat;
  /** The answer as JSON, or one clause that says why it does not fit. */
  check(answer: string): { readonly value: JsonValue } | { readonly problem: string };
}

/** Reads a JSON Schema from a file (drafts 7, 2019-09 and 2020-12; without `$schema` the last). Throws RouterError `usage`. */
export async function readAnswerSchema(file: string): Promise<AnswerSchema> {
  const fail = (why: string): never => {
    throw new RouterError({ kind: 'usage', message: `The schema ${file} ${why}.` });
  };
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
    fail(`can't be read: ${whyUnreadable(error)}`),
  );
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    fail(`is not JSON: ${(error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ')}`);
  }
  const schema = asObject(parsed as JsonValue) ?? fail('is no JSON object');
  let check: AnswerSchema['check'];
  try {
    check = await schemaChecker(schema);
  } catch (error) {
    return fail(`is no JSON Schema that can be used: ${error instanceof Error ? error.message : error}`);
  }
  const output: OutputFormat = {
    type: 'json-schema',
    schema,
    name: schemaName(schema.title, file),
    ...(isClosed(schema) ? { strict: true } : {}),
  };
  return { output, check };
}

/** What checks answers against a schema. Throws where the schema itself is wrong. */
export async function schemaChecker(schema: JsonObject): Promise<AnswerSchema['check']> {
  const { createValidator } = await import('./schema-validator.ts');
  const validate = createValidator(schema).compile(schema);
  return (answer) => {
    const value = parseJson(answer.trim());
    if (value === undefined) return { problem: 'it is not JSON' };
    if (validate(value)) return { value };
    const [first] = validate.errors ?? [];
    const where = first?.instancePath === undefined || first.instancePath === '' ? 'it' : first.instancePath;
    return { problem: `${where} ${first?.message ?? 'does not fit'}${detail(first?.params)}` };
  };
}

/** The names that providers take: letters, digits, `_` and `-`, 64 at most (OpenAI, `response_format.json_schema.name`). */
function schemaName(title: JsonValue | undefined, file: string): string {
  const text = typeof title === 'string' && title !== '' ? title : (file.split(/[\\/]/).at(-1) ?? '');
  const name = text
    .replace(/(\.schema)?\.json$/i, '')
    .replaceAll(/[^\w-]+/g, '_')
    .slice(0, 64);
  return /\w/.test(name) ? name : 'answer';
}

/** Ajv says which property or value beside its sentence. */
function detail(params: Readonly<Record<string, unknown>> | undefined): string {
  if (typeof params?.additionalProperty === 'string') return ` ("${params.additionalProperty}")`;
  return Array.isArray(params?.allowedValues) ? ` (${params.allowedValues.map(String).join(', ')})` : '';
}

/**
 * Whether every object of a schema lists its properties as required and takes no others: what OpenAI asks of a schema that it holds an
 * answer to strictly. Others are asked for as well as can be, and checked here.
 */
function isClosed(schema: JsonValue | undefined): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed);
  const one = asObject(schema);
  if (one === undefined) return true;
  const properties = asObject(one.properties);
  if (one.type === 'object' || properties !== undefined) {
    const required = new Set(Array.isArray(one.required) ? one.required : []);
    if (one.additionalProperties !== false) return false;
    if (!Object.keys(properties ?? {}).every((name) => required.has(name))) return false;
  }
  const maps = [properties, asObject(one.$defs), asObject(one.definitions)];
  return (
    maps.every((map) => Object.values(map ?? {}).every(isClosed)) &&
    [one.items, one.anyOf, one.allOf, one.oneOf, one.prefixItems].every(isClosed)
  );
}
