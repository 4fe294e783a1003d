import type { JsonObject } from './json.ts';
import type { OutputFormat } from './model-request.ts';
import type { NoteList } from './note-list.ts';

const KEYWORDS = [
  ['name', 'title'],
  ['description', 'description'],
] as const;

/**
 * The schema of an output for a format that has no name and no description beside it: the keywords `title` and `description` of JSON
 * Schema say the same.
 */
export function namedSchema(output: Extract<OutputFormat, { type: 'json-schema' }>, notes: NoteList): JsonObject {
  const named: JsonObject = { ...output.schema };
  for (const [field, keyword] of KEYWORDS) {
    const text = output[field];
    if (text === undefined) continue;
    if (named[keyword] === undefined) named[keyword] = text;
    if (named[keyword] === text) notes.mapped(`output.${field}`, `sent as the ${keyword} of the schema`);
    else notes.approximated(`output.${field}`, `left out: the schema has a ${keyword} of its own`);
  }
  return named;
}
