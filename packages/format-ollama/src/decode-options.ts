import {
  type FieldReader,
  invalidField,
  type JsonObject,
  type JsonValue,
  type ModelRequest,
  type Sampling,
} from '@signalbox/core';
import { readFields } from './field-reader.ts';

const SAMPLING: readonly (readonly [name: keyof Sampling, field: string])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['minP', 'min_p'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
  ['seed', 'seed'],
];

/** Reads `options`: what the canonical form has words for, and the rest. Throws RouterError `invalid-request`. */
export function decodeOptions(options: JsonObject): {
  readonly fields: Partial<ModelRequest>;
  readonly rest: JsonObject | undefined;
} {
  const fields = readFields(options, 'options');
  const sampling = readSampling(fields);
  const limit = fields.number('num_predict');
  const stops = readStops(fields.value('stop'));
  const rest: JsonObject = { ...fields.rest() };
  // -1: no limit, -2: until the context is full.
  if (limit !== undefined && limit < 0) rest.num_predict = limit;
  return {
    fields: {
      ...(sampling === undefined ? {} : { sampling }),
      ...(limit === undefined || limit < 0 ? {} : { maxOutputTokens: limit }),
      ...(stops.length === 0 ? {} : { stopSequences: stops }),
    },
    rest: Object.keys(rest).length === 0 ? undefined : rest,
  };
}

function readSampling(fields: FieldReader): Sampling | undefined {
  let sampling: { -readonly [Key in keyof Sampling]: Sampling[Key] } | undefined;
  for (const [name, field] of SAMPLING) {
    const value = fields.number(field);
    if (value === undefined) continue;
    sampling ??= {};
    sampling[name] = value;
  }
  return sampling;
}

function readStops(stop: JsonValue | undefined): string[] {
  const list = stop === undefined ? [] : Array.isArray(stop) ? stop : [stop];
  return list.map((one, index) => {
    if (typeof one !== 'string') throw invalidField(`options.stop[${index}]`, 'a string');
    return one;
  });
}
