// Loaded only where there is a schema. The imports stand still so that the bundler sees which names of these CommonJS modules are meant.

import type { JsonObject } from '@signalbox/core';
import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** Keywords that Ajv does not know are the business of whoever wrote them. */
const OPTIONS = { strict: false, allErrors: false, logger: false } as const;

/** What validates by the draft that a schema names (7, 2019-09, 2020-12); without one by the last. */
export function createValidator({ $schema }: JsonObject): Ajv | Ajv2019 | Ajv2020 {
  const draft = typeof $schema === 'string' ? $schema : '';
  const ajv = /draft-0[4-7]/.test(draft)
    ? new Ajv(OPTIONS)
    : draft.includes('2019-09')
      ? new Ajv2019(OPTIONS)
      : new Ajv2020(OPTIONS);
  formats.default(ajv);
  return ajv;
}
