import { asString, entryOf, type Finish, type FinishReason, type JsonObject, type JsonValue } from '@signalbox/core';

/** Google's finish reasons in our words. `STOP` is the word for function calls too: look at the parts. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  FINISH_REASON_UNSPECIFIED: 'other',
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  OTHER: 'other',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'error',
  IMAGE_SAFETY: 'content-filter',
  UNEXPECTED_TOOL_CALL: 'error',
  TOO_MANY_TOOL_CALLS: 'error',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  IMAGE_OTHER: 'error',
  NO_IMAGE: 'error',
  MALFORMED_RESPONSE: 'error',
  MISSING_THOUGHT_SIGNATURE: 'error',
  MODEL_ARMOR: 'content-filter',
  CONTINUATION: 'pause',
};

/** The names behind the integers of `enum-encoding=int` (google.ai.generativelanguage.v1beta Candidate.FinishReason). */
const NUMBERED = [
  'FINISH_REASON_UNSPECIFIED',
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
  'RECITATION',
  'OTHER',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MALFORMED_FUNCTION_CALL',
  'IMAGE_SAFETY',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
];

/** The names behind the integers of PromptFeedback.BlockReason. */
const NUMBERED_BLOCKS = [
  'BLOCK_REASON_UNSPECIFIED',
  'SAFETY',
  'OTHER',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'IMAGE_SAFETY',
];

/** What is written for a reason of ours. */
const WRITTEN: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'context-window': 'MAX_TOKENS',
  'tool-calls': 'STOP',
  refusal: 'SAFETY',
  'content-filter': 'SAFETY',
  // CONTINUATION comes with a token of Google's to go on by, which nobody else gives.
  pause: 'MAX_TOKENS',
  error: 'MALFORMED_RESPONSE',
  other: 'OTHER',
};

/** The name of a finish reason, which may be written as an integer; undefined where there is none. */
export function finishReasonName(written: JsonValue | undefined): string | undefined {
  if (typeof written === 'number') return NUMBERED[written] ?? String(written);
  return asString(written);
}

/** A candidate's finish in our words. */
export function readFinish(name: string | undefined, message: string | undefined, hasCalls: boolean): Finish {
  const reason = name === undefined ? 'other' : (entryOf(REASONS, name) ?? 'other');
  return {
    // An answer with calls is one that waits for their results, unless the model or a filter broke it off.
    reason: hasCalls && reason === 'stop' ? 'tool-calls' : reason,
    ...(name === undefined ? {} : { rawReason: name }),
    ...(message === undefined ? {} : { detail: message }),
  };
}

/** The name of the reason why a prompt was refused; undefined where it was not. */
export function blockReasonName(written: JsonValue | undefined): string | undefined {
  const name = typeof written === 'number' ? (NUMBERED_BLOCKS[written] ?? String(written)) : asString(written);
  return name === 'BLOCK_REASON_UNSPECIFIED' ? undefined : name;
}

/** The finish of an answer whose prompt was refused; undefined where nothing was blocked. */
export function readBlock(promptFeedback: JsonObject | undefined): Finish | undefined {
  const rawReason = blockReasonName(promptFeedback?.blockReason);
  if (rawReason === undefined) return undefined;
  const detail = asString(promptFeedback?.blockReasonMessage);
  return { reason: 'content-filter', rawReason, ...(detail === undefined ? {} : { detail }) };
}

/** Whether a finish reason of Google's has a word of ours. */
export function isKnownReason(name: string): boolean {
  return entryOf(REASONS, name) !== undefined;
}

/** A finish in Google's words: its own where it came from Google, else the nearest. `own`: a word of Google's that is not ours. */
export function writeFinishReason(finish: Finish, own?: JsonValue): string {
  if (finish.reason === 'other' && typeof own === 'string') return own;
  const raw = finish.rawReason;
  if (raw !== undefined && Object.hasOwn(REASONS, raw)) {
    const meant = entryOf(REASONS, raw);
    if (meant === finish.reason || (meant === 'stop' && finish.reason === 'tool-calls')) return raw;
  }
  return WRITTEN[finish.reason];
}
