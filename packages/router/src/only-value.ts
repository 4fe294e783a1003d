import { RouterError } from '@signalbox/core';

/** The one value of an answer that comes whole. Throws RouterError `internal` where there is none. */
export async function onlyValue<Value>(values: AsyncIterable<Value>): Promise<Value> {
  let found: { readonly value: Value } | undefined;
  for await (const value of values) found = { value };
  if (found === undefined) throw new RouterError({ kind: 'internal', message: 'The answer was empty.' });
  return found.value;
}
