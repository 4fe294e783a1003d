import type { EncodeContext, JsonObject, ModelRequest, NoteList } from '@signalbox/core';
import type { VersionRules } from './api-version.ts';

/** Models before Claude 4.1: they take a temperature and a top_p in one request (platform.claude.com, migration to Claude 4.5). */
const TAKES_BOTH = /claude-(?:v?[12]\b|instant|3|(?:opus|sonnet)-4-(?:0|20250514))/;

/** The request's sampling parameters, as far as the model takes them. */
export function encodeSampling(
  request: ModelRequest,
  context: EncodeContext,
  { thinks, rules }: { readonly thinks: boolean; readonly rules: VersionRules },
  notes: NoteList,
): JsonObject {
  const sampling = request.sampling;
  if (sampling === undefined) return {};
  for (const key of ['minP', 'frequencyPenalty', 'presencePenalty', 'seed'] as const) {
    if (sampling[key] !== undefined) notes.dropped(`sampling.${key}`, 'Anthropic has no such parameter');
  }
  let { temperature, topP, topK } = sampling;
  const drop = (key: 'temperature' | 'topP' | 'topK', reason: string) => {
    if (sampling[key] !== undefined) notes.dropped(`sampling.${key}`, reason);
  };
  if (context.capabilities?.temperature === false || !rules.sampling) {
    const who = rules.sampling ? 'the model' : 'the API version that is spoken';
    for (const key of ['temperature', 'topP', 'topK'] as const) drop(key, `${who} takes no sampling parameters`);
    return {};
  }
  if (temperature !== undefined && temperature > 1) {
    notes.approximated('sampling.temperature', `${temperature} became 1, the highest that Anthropic takes`);
    temperature = 1;
  }
  if (thinks) {
    // Thinking models take only their own temperature, no top_k, and a top_p from 0.95.
    if (temperature !== undefined && temperature !== 1) {
      drop('temperature', 'not taken together with thinking');
      temperature = undefined;
    }
    if (topK !== undefined) {
      drop('topK', 'not taken together with thinking');
      topK = undefined;
    }
    if (topP !== undefined && topP < 0.95) {
      drop('topP', 'not taken together with thinking');
      topP = undefined;
    }
  }
  if (temperature !== undefined && topP !== undefined && !TAKES_BOTH.test(context.model)) {
    // 1 is what both are where nobody sets them.
    if (temperature === 1) temperature = undefined;
    else {
      if (topP !== 1) drop('topP', 'models from Claude 4.1 on take a temperature or a top_p, not both');
      topP = undefined;
    }
  }
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
  };
}
