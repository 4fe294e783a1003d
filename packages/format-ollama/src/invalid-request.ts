import { RouterError } from '@signalbox/core';

/** The error for a field of a request that is not what it should be. */
export function invalidField(field: string, expected: string): RouterError {
  return new RouterError({
    kind: 'invalid-request',
    message: `The field "${field}" must be ${expected}.`,
    parameter: field,
  });
}
