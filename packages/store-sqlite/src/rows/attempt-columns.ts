import type { LedgerRow } from '@signalbox/core';
import { wellFormed } from './name-table.ts';

/** What a row has for a column. */
export type ColumnValue = number | string | undefined;

/** What a column holds: a whole number, or a word, which stands once in `names`; `!`: never NULL. */
export type ColumnKind = 'number' | 'number!' | 'word' | 'word!';

/** Columns of `attempts` beside the decision's number and the attempt's: what each holds and where it comes from. */
export const ATTEMPT_COLUMNS: readonly (readonly [
  column: string,
  kind: ColumnKind,
  from: (row: LedgerRow) => ColumnValue,
])[] = [
  ['started_at', 'number!', ({ attempt }) => attempt.startedAt],
  ['duration_ms', 'number!', ({ attempt }) => attempt.durationMs],
  ['first_content_ms', 'number', ({ attempt }) => attempt.firstContentMs],
  ['strategy', 'word!', ({ decision }) => decision.strategy],
  ['task_type', 'word', ({ decision }) => decision.task?.type],
  ['complexity', 'word', ({ decision }) => decision.task?.complexity],
  ['requested_model', 'word', ({ decision }) => decision.requestedModel],
  ['candidate', 'word!', ({ attempt }) => attempt.candidate],
  ['provider', 'word!', ({ attempt }) => attempt.provider],
  ['model', 'word!', ({ attempt }) => attempt.model],
  ['answered_by', 'word', ({ attempt }) => attempt.answeredBy],
  ['outcome', 'word!', ({ attempt }) => attempt.outcome],
  // Not the message: a provider's own words may hold parts of the prompt or of a key.
  ['error_kind', 'word', ({ attempt }) => attempt.error?.kind],
  ['error_status', 'number', ({ attempt }) => attempt.error?.status],
  ['lane', 'word!', ({ attempt }) => attempt.lane],
  ['simulated', 'number!', ({ attempt }) => (attempt.simulated ? 1 : 0)],
  ['finish_reason', 'word', ({ attempt }) => attempt.finish?.reason],
  ['input_tokens', 'number', ({ attempt }) => attempt.usage?.inputTokens],
  ['output_tokens', 'number', ({ attempt }) => attempt.usage?.outputTokens],
  ['cache_read_tokens', 'number', ({ attempt }) => attempt.usage?.cacheReadTokens],
  ['cache_write_5m_tokens', 'number', ({ attempt }) => attempt.usage?.cacheWrite5mTokens],
  ['cache_write_1h_tokens', 'number', ({ attempt }) => attempt.usage?.cacheWrite1hTokens],
  ['reasoning_tokens', 'number', ({ attempt }) => attempt.usage?.reasoningTokens],
  ['input_audio_tokens', 'number', ({ attempt }) => attempt.usage?.inputAudioTokens],
  ['output_audio_tokens', 'number', ({ attempt }) => attempt.usage?.outputAudioTokens],
  ['web_searches', 'number', ({ attempt }) => attempt.usage?.webSearches],
  ['service_tier', 'word', ({ attempt }) => attempt.usage?.serviceTier],
  ['usage_provenance', 'word', ({ attempt }) => attempt.usage?.provenance],
  ['cost_nano_usd', 'number', ({ attempt }) => attempt.cost?.nanoUsd],
  ['cost_provenance', 'word', ({ attempt }) => attempt.cost?.provenance],
  ['tenant', 'word!', ({ caller }) => caller.tenant],
  ['user', 'word', ({ caller }) => caller.user],
  ['key', 'word', ({ caller }) => caller.key],
  ['session', 'word', ({ caller }) => caller.session],
  ['tags', 'word', ({ caller }) => tagsJson(caller.tags)],
  ['notes', 'number!', ({ attempt }) => attempt.notes.length],
  ['cause', 'word', ({ attempt }) => attempt.cause],
  ['provider_key', 'word', ({ attempt }) => attempt.providerKey],
  ['saved_nano_usd', 'number', ({ attempt }) => attempt.saved?.nanoUsd],
  ['rule', 'word', ({ decision }) => decision.rule],
];

const placeOf = (column: string): number => ATTEMPT_COLUMNS.findIndex(([name]) => name === column);
const CALL = {
  startedAt: placeOf('started_at'),
  candidate: placeOf('candidate'),
  simulated: placeOf('simulated'),
  outcome: placeOf('outcome'),
  cause: placeOf('cause'),
  errorKind: placeOf('error_kind'),
  durationMs: placeOf('duration_ms'),
  firstContentMs: placeOf('first_content_ms'),
};

/** What is booked of an attempt that says how its call went. Numbers of names, or null. */
export interface CallFigures {
  readonly startedAt: number;
  readonly candidate: number;
  readonly simulated: number;
  readonly outcome: number;
  readonly cause: number | null;
  readonly errorKind: number | null;
  readonly durationMs: number;
  readonly firstContentMs: number | null;
}

/** How the call of a stored row went. */
export function callFigures(values: readonly (number | null)[]): CallFigures {
  return {
    startedAt: values[CALL.startedAt] ?? 0,
    candidate: values[CALL.candidate] ?? 0,
    simulated: values[CALL.simulated] ?? 0,
    outcome: values[CALL.outcome] ?? 0,
    cause: values[CALL.cause] ?? null,
    errorKind: values[CALL.errorKind] ?? null,
    durationMs: values[CALL.durationMs] ?? 0,
    firstContentMs: values[CALL.firstContentMs] ?? null,
  };
}

/** Characters of one word at most: names come from callers and providers, and nobody bounds them. */
export const MAX_NAME = 256;
const MAX_TAGS = 16;
const MAX_TAG = 64;
/** Tags as JSON: escaped, a character may take six. */
export const MAX_TAGS_JSON = MAX_TAGS * (MAX_TAG * 6 + 3) + 2;

/** A word as it is kept. */
export const storedName = (word: string): string => wellFormed(word.slice(0, MAX_NAME));

/** A tag as it is kept. */
export const storedTag = (tag: string): string => wellFormed(tag.slice(0, MAX_TAG));

/** The tags that are kept of those a caller gave: so many, so long, each once. */
export function storedTags(tags: readonly string[] | undefined): readonly string[] {
  return keptTags(tags).tags;
}

function tagsJson(given: readonly string[] | undefined): string | undefined {
  return keptTags(given).json;
}

interface KeptTags {
  /** As they were given. */
  readonly given: readonly string[] | undefined;
  readonly tags: readonly string[];
  /** Undefined: there are none. */
  readonly json: string | undefined;
}

/** Those of the last row: a key's tags are the same list with each of its requests. */
let lastTags: KeptTags = { given: undefined, tags: [], json: undefined };

function keptTags(given: readonly string[] | undefined): KeptTags {
  if (given !== lastTags.given) {
    const tags = [...new Set((given ?? []).slice(0, MAX_TAGS).map(storedTag))];
    lastTags = { given, tags, json: tags.length === 0 ? undefined : JSON.stringify(tags) };
  }
  return lastTags;
}
