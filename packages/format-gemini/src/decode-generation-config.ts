import {
  entryOf,
  type FieldReader,
  fieldPath,
  invalidField,
  type JsonObject,
  type ModelRequest,
  type OutputFormat,
  type OutputModality,
  type ReasoningEffort,
  type ReasoningRequest,
  type Sampling,
} from '@signalbox/core';
import { readFields } from './field-reader.ts';
import { readSchema } from './open-api-schema.ts';

/** What `generationConfig` says in canonical words, and what of it only Google knows. */
export interface DecodedGenerationConfig {
  readonly fields: Partial<ModelRequest>;
  readonly rest: JsonObject | undefined;
}

const EFFORTS: Readonly<Record<string, ReasoningEffort>> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
};

/** Fields of the same name in the canonical form. */
const SAMPLING: readonly (keyof Sampling)[] = [
  'temperature',
  'topP',
  'topK',
  'frequencyPenalty',
  'presencePenalty',
  'seed',
];

type Draft = { -readonly [Key in keyof ModelRequest]?: ModelRequest[Key] };

/** Reads `generationConfig`. Throws RouterError `invalid-request`. */
export function decodeGenerationConfig(config: JsonObject): DecodedGenerationConfig {
  const fields = readFields(config, 'generationConfig', invalidField);
  const draft: Draft = {};
  // First what is nearly always there, often alone.
  const limit = fields.number('maxOutputTokens');
  const sampling = readSampling(fields);
  if (sampling !== undefined) draft.sampling = sampling;
  if (limit !== undefined) draft.maxOutputTokens = limit;
  const candidates = fields.number('candidateCount');
  if (candidates !== undefined) draft.candidateCount = candidates;
  const stops = readStops(fields);
  if (stops.length > 0) draft.stopSequences = stops;
  const alternatives = fields.number('logprobs');
  if (fields.boolean('responseLogprobs') === true) draft.logprobs = { alternatives: alternatives ?? 0 };
  const output = readOutput(fields, config);
  if (output !== undefined) draft.output = output;
  const thinking = fields.object('thinkingConfig');
  const read = thinking === undefined ? undefined : readThinking(thinking);
  if (read?.reasoning !== undefined) draft.reasoning = read.reasoning;
  // Text alone is the default: not worth a word of Google's own.
  if (isTextOnly(config)) fields.value('responseModalities');
  const modalities = readModalities(config);
  if (modalities !== undefined) {
    fields.value('responseModalities');
    draft.outputModalities = modalities;
  }
  const rest = { ...fields.rest(), ...(read?.rest === undefined ? {} : { thinkingConfig: read.rest }) };
  return { fields: draft, rest: Object.keys(rest).length === 0 ? undefined : rest };
}

function readSampling(fields: FieldReader): Sampling | undefined {
  let sampling: { -readonly [Key in keyof Sampling]: Sampling[Key] } | undefined;
  for (const name of SAMPLING) {
    const value = fields.number(name);
    if (value === undefined) continue;
    sampling ??= {};
    sampling[name] = value;
  }
  return sampling;
}

function readStops(fields: FieldReader): string[] {
  return (fields.array('stopSequences') ?? []).map((stop, index) => {
    if (typeof stop !== 'string')
      throw invalidField(`${fieldPath(fields.path, 'stopSequences')}[${index}]`, 'a string');
    return stop;
  });
}

/** JSON output; other media types (`text/x.enum`) stay Google's own, with their schema. */
function readOutput(fields: FieldReader, config: JsonObject): OutputFormat | undefined {
  const type = config.responseMimeType ?? config.response_mime_type;
  if (type !== undefined && type !== null && type !== 'application/json') {
    if (typeof type !== 'string') throw invalidField('generationConfig.responseMimeType', 'a string');
    // Plain text is what comes anyway.
    if (type === 'text/plain') fields.value('responseMimeType');
    return undefined;
  }
  const schema = readSchema(fields.object('responseJsonSchema'), fields.object('responseSchema'));
  if (fields.string('responseMimeType') === undefined && schema === undefined) return undefined;
  return schema === undefined ? { type: 'json' } : { type: 'json-schema', schema };
}

function readThinking(config: JsonObject): { reasoning: ReasoningRequest | undefined; rest: JsonObject | undefined } {
  const fields = readFields(config, 'generationConfig.thinkingConfig', invalidField);
  const include = fields.boolean('includeThoughts');
  const budgetTokens = fields.number('thinkingBudget');
  const written = config.thinkingLevel ?? config.thinking_level;
  const level = typeof written === 'string' ? written.toUpperCase() : undefined;
  const effort = level === undefined ? undefined : entryOf(EFFORTS, level);
  // A level that is not known here stays Google's own.
  if (effort !== undefined || level === 'THINKING_LEVEL_UNSPECIFIED') fields.value('thinkingLevel');
  const reasoning: ReasoningRequest = {
    ...(budgetTokens === undefined ? {} : budgetMode(budgetTokens)),
    ...(effort === undefined ? {} : { effort }),
    ...readDisplay(include, budgetTokens),
  };
  return { reasoning: Object.keys(reasoning).length === 0 ? undefined : reasoning, rest: fields.rest() };
}

/** Who asks for thinking tokens sees none of them unless that is asked for too. */
function readDisplay(include: boolean | undefined, budgetTokens: number | undefined): ReasoningRequest {
  if (include === true) return { display: 'summary' };
  return include === false || budgetTokens !== undefined ? { display: 'omitted' } : {};
}

/** 0 turns thinking off, -1 leaves the amount to the model. */
function budgetMode(budgetTokens: number): ReasoningRequest {
  if (budgetTokens === 0) return { mode: 'off' };
  return budgetTokens < 0 ? { mode: 'adaptive' } : { mode: 'on', budgetTokens };
}

const MODALITIES: Readonly<Record<string, OutputModality>> = { TEXT: 'text', IMAGE: 'image', AUDIO: 'audio' };

/** What may be in the answer beside text alone; undefined where nothing is said, or something that is not known here and stays Google's own. */
function readModalities(config: JsonObject): OutputModality[] | undefined {
  const written = config.responseModalities ?? config.response_modalities;
  if (!Array.isArray(written) || written.length === 0 || isTextOnly(config)) return undefined;
  const known = written.map((word) => (typeof word === 'string' ? entryOf(MODALITIES, word) : undefined));
  return known.every((kind) => kind !== undefined) ? known : undefined;
}

/** Whether text is the only modality asked for. */
function isTextOnly(config: JsonObject): boolean {
  const modalities = config.responseModalities ?? config.response_modalities;
  return Array.isArray(modalities) && modalities.length === 1 && (modalities[0] === 'TEXT' || modalities[0] === 1);
}
