import { invalidField, type JsonObject, type JsonValue, type ModelRequest, type Sampling } from '@signalbox/core';
import { readFields } from './field-reader.ts';

/** Reads `options`: what the canonical form has words for, and the rest. Throws RouterError `invalid-request`. */
export function decodeOptions(options: JsonObject): {
  readonly fields: Partial<ModelRequest>;
  readonly rest: JsonObject | undefined;
} {
  const fields = readFields(options, 'options');
  const sampling: Sampling = {
    temperature: fields.number('temperature'),
    topP: fields.number('top_p'),
    topK: fields.number('top_k'),
    minP: fields.number('min_p'),
    frequencyPenalty: fields.number('frequency_penalty'),
    presencePenalty: fields.number('presence_penalty'),
    seed: fields.number('seed'),
  };
  const set = Object.entries(sampling).filter(([, value]) => value !== undefined);
  const limit = fields.number('num_predict');
  const stops = readStops(fields.value('stop'));
  const rest: JsonObject = { ...fields.rest() };
  // -1: no limit, -2: until the context is full.
  if (limit !== undefined && limit < 0) rest.num_predict = limit;
  return {
    fields: {
      ...(set.length === 0 ? {} : { sampling: Object.fromEntries(set) }),
      ...(limit === undefined || limit < 0 ? {} : { maxOutputTokens: limit }),
      ...(stops.length === 0 ? {} : { stopSequences: stops }),
    },
    rest: Object.keys(rest).length === 0 ? undefined : rest,
  };
}

function readStops(stop: JsonValue | undefined): string[] {
  const list = stop === undefined ? [] : Array.isArray(stop) ? stop : [stop];
  return list.map((one, index) => {
    if (typeof one !== 'string') throw invalidField(`options.stop[${index}]`, 'a string');
    return one;
  });
}
