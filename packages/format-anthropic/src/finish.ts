import {
  asObject,
  asString,
  entryOf,
  type Finish,
  type FinishReason,
  type JsonObject,
  type JsonValue,
} from '@signalbox/core';

/** Anthropic's stop reasons in canonical words. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop-sequence',
  max_tokens: 'length',
  model_context_window_exceeded: 'context-window',
  tool_use: 'tool-calls',
  refusal: 'refusal',
  pause_turn: 'pause',
  // The server compacted the conversation and waits to be called again.
  compaction: 'pause',
};

/** Canonical reasons in Anthropic's words. A failed answer becomes a refusal: the nearest that is not a clean end. */
const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-window': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  'content-filter': 'refusal',
  pause: 'pause_turn',
  error: 'refusal',
  other: 'end_turn',
};

/** Whether a stop reason of Anthropic's has a canonical word. */
export function isKnownReason(reason: string): boolean {
  return entryOf(REASONS, reason) !== undefined;
}

/**
 * The finish of an answer from its `stop_reason`, `stop_sequence` and `stop_details`. Whether a tool was called is told by
 * the content, not by the reason: some servers that speak this format say `end_turn`.
 */
export function decodeFinish(fields: JsonObject, calledTool: boolean): Finish {
  const raw = asString(fields.stop_reason);
  const known = raw === undefined ? undefined : entryOf(REASONS, raw);
  const reason = calledTool && known === 'stop' ? 'tool-calls' : (known ?? 'other');
  const stopSequence = asString(fields.stop_sequence);
  const details = asObject(fields.stop_details);
  const detail = asString(details?.explanation) ?? asString(details?.category);
  return {
    reason,
    ...(raw === undefined ? {} : { rawReason: raw }),
    ...(stopSequence === undefined ? {} : { stopSequence }),
    ...(detail === undefined ? {} : { detail }),
  };
}

/** The fields in which Anthropic says why an answer ended. `unknown`: its own word for it, where there is no canonical one. */
export function encodeFinish(finish: Finish, calledTool: boolean, unknown?: JsonValue): JsonObject {
  if (finish.reason === 'other' && typeof unknown === 'string') {
    return { stop_reason: unknown, stop_sequence: finish.stopSequence ?? null };
  }
  const raw = finish.rawReason;
  const native = raw !== undefined && entryOf(REASONS, raw) === finish.reason;
  const reason = !native && calledTool && finish.reason === 'stop' ? 'tool-calls' : finish.reason;
  const stopReason = native ? raw : STOP_REASONS[reason];
  const fields: JsonObject = { stop_reason: stopReason, stop_sequence: finish.stopSequence ?? null };
  const explanation = refusalExplanation(finish);
  if (stopReason === 'refusal' && explanation !== undefined) {
    fields.stop_details = { type: 'refusal', category: null, explanation };
  }
  return fields;
}

function refusalExplanation(finish: Finish): string | undefined {
  if (finish.detail !== undefined) return finish.detail;
  if (finish.reason === 'error') return `The model's answer failed${raw(finish)}.`;
  if (finish.reason === 'content-filter') return `The provider filtered the answer${raw(finish)}.`;
  return undefined;
}

function raw(finish: Finish): string {
  return finish.rawReason === undefined ? '' : ` (${finish.rawReason})`;
}
