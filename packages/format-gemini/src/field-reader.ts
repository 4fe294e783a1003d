import { createFieldReader, type FieldFault, type FieldReader, type JsonObject } from '@signalbox/core';

const snakeNames = new Map<string, string>();

function snakeCase(name: string): string {
  let snake = snakeNames.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(name, snake);
  }
  return snake;
}

/** What Google's servers take: both spellings of a name, and a single object where a list of them is due. */
const AS_GOOGLE_DOES = { otherName: snakeCase, objectAsList: true };

/** Starts reading an object; `path` is where it stands in the body, `''` for the body itself. */
export function readFields(source: JsonObject, path: string, fault: FieldFault): FieldReader {
  return createFieldReader(source, path, fault, AS_GOOGLE_DOES);
}
