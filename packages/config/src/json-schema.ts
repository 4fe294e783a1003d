import { isJsonObject, type JsonObject } from '@signalbox/core';
import * as z from 'zod';
import { configurationSchema } from './configuration-schema.ts';

let made: JsonObject | undefined;

/**
 * JSON Schema (draft 2020-12) of a configuration file, for editors: put `# yaml-language-server: $schema=FILE` on the first
 * line of a YAML file, or `"$schema": "FILE"` into a JSON file. Made at the first call.
 */
export function configurationJsonSchema(): JsonObject {
  made ??= {
    ...(z.toJSONSchema(configurationSchema, { io: 'input' }) as JsonObject),
    title: 'Signalbox configuration',
  };
  return structuredClone(made);
}

/**
 * The same, and at the top of the file what blocks of these providers may hold: for editors, which see the file as it is written.
 *
 * @example editorJsonSchema(['anthropic', 'openai'])
 */
export function editorJsonSchema(providerNames: readonly string[]): JsonObject {
  const schema = configurationJsonSchema();
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  const block = (isJsonObject(properties.providers) ? properties.providers.additionalProperties : undefined) ?? true;
  return {
    ...schema,
    properties: { ...properties, ...Object.fromEntries(providerNames.map((name) => [name, block])) },
  };
}

/** The alternatives of a schema: itself, or the members of its `anyOf`. */
function alternatives(schema: unknown): readonly JsonObject[] {
  if (!isJsonObject(schema)) return [];
  return Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(alternatives) : [schema];
}

/** Keys that a configuration may have at a path. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] {
  let here = alternatives(configurationJsonSchema());
  for (const segment of path) {
    here = here.flatMap((schema) => {
      if (typeof segment === 'number') return alternatives(schema.items);
      const property = isJsonObject(schema.properties) ? schema.properties[segment] : undefined;
      return alternatives(property ?? schema.additionalProperties);
    });
  }
  return here.flatMap((schema) => (isJsonObject(schema.properties) ? Object.keys(schema.properties) : []));
}

/** The fixed keys of all sections as dotted paths, for keys that stand in the wrong section. */
export function knownPaths(): readonly string[] {
  const paths: string[] = [];
  function visit(schema: JsonObject, path: readonly string[]): void {
    if (!isJsonObject(schema.properties)) return;
    for (const [key, property] of Object.entries(schema.properties)) {
      const here = [...path, key];
      paths.push(here.join('.'));
      for (const alternative of alternatives(property)) visit(alternative, here);
    }
  }
  visit(configurationJsonSchema(), []);
  return paths;
}
