import { entryOf, type JsonObject } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';
import type { Encoding } from './notes.ts';

/** The canonical names of fields that some endpoints refuse; fields without one are extensions of this format. */
const CANONICAL: Readonly<Record<string, string>> = {
  frequency_penalty: 'sampling.frequencyPenalty',
  presence_penalty: 'sampling.presencePenalty',
  top_k: 'sampling.topK',
  min_p: 'sampling.minP',
  seed: 'sampling.seed',
  logprobs: 'logprobs',
  modalities: 'outputModalities',
  n: 'candidateCount',
  parallel_tool_calls: 'parallelToolCalls',
  prompt_cache_key: 'promptCacheKey',
  reasoning_effort: 'reasoning.effort',
  safety_identifier: 'userId',
  service_tier: 'serviceTier',
  stop: 'stopSequences',
  user: 'userId',
  verbosity: 'verbosity',
  web_search_options: 'tools',
};

/** What comes only with another field and is not reported by itself. */
const COMPANIONS: ReadonlySet<string> = new Set(['top_logprobs']);

/**
 * The body without what the endpoint answers with an error: all but `knownFields` where it refuses what it does not know,
 * `refusedFields`, and `reasoningRefusedFields` for models that reason. Lists are words with blanks between them.
 */
export function withoutRefusedFields(encoding: Encoding, body: JsonObject): JsonObject {
  const { quirks, capabilities } = encoding.context;
  if (
    quirks.knownFields === undefined &&
    quirks.refusedFields === undefined &&
    quirks.reasoningRefusedFields === undefined
  )
    return body;
  const known = words(quirks.knownFields);
  const refused = new Set([
    ...(words(quirks.refusedFields) ?? []),
    ...((capabilities?.reasoning === true ? words(quirks.reasoningRefusedFields) : undefined) ?? []),
  ]);
  if (known === undefined && refused.size === 0) return body;
  const permitted = Object.entries(body).filter(([field]) => {
    if (known?.has(field) !== false && !refused.has(field)) return true;
    const name = entryOf(CANONICAL, field) ?? `extensions.${FORMAT_ID}.${field}`;
    if (field === 'stop') {
      encoding.note('approximated', name, 'the endpoint refuses this field: the answer is cut where one comes');
    } else if (!COMPANIONS.has(field)) encoding.note('dropped', name, 'the endpoint refuses this field');
    return false;
  });
  return Object.fromEntries(permitted);
}

function words(list: boolean | number | string | undefined): ReadonlySet<string> | undefined {
  return typeof list === 'string' ? new Set(list.split(/\s+/)) : undefined;
}
