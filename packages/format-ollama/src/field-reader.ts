import { createFieldReader, type FieldReader, invalidField, type JsonObject } from '@signalbox/core';

/** Starts reading an object; `path` is where it stands in the body. Throws RouterError `invalid-request`. */
export function readFields(source: JsonObject, path: string): FieldReader {
  return createFieldReader(source, path, invalidField);
}
