import {
  entryOf,
  type Finish,
  type FinishReason,
  type JsonObject,
  type JsonValue,
  ProviderError,
  type ProviderErrorKind,
} from '@signalbox/core';

/** What endpoints of this format write into `finish_reason`. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  complete: 'stop',
  stop_sequence: 'stop-sequence',
  length: 'length',
  max_tokens: 'length',
  model_length: 'context-window',
  model_context_window_exceeded: 'context-window',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  safety: 'content-filter',
  sensitive: 'content-filter',
  refusal: 'refusal',
  error: 'error',
};

/**
 * Reasons that say that the answer broke off at the provider's: what came is not the answer. DeepSeek's and Z.ai's are in their API references
 * (api-docs.deepseek.com, docs.z.ai, Chat Completion).
 */
const FAULTS: Readonly<Record<string, readonly [ProviderErrorKind, string]>> = {
  error: ['server', 'The provider ended its answer with an error.'],
  network_error: ['server', 'The provider broke its answer off: its model failed.'],
  insufficient_system_resource: ['overloaded', 'The provider broke its answer off for want of resources.'],
};

/** The error that a `finish_reason` stands for; undefined where it ends an answer. */
export function faultOf(reason: string | undefined, provider: string): ProviderError | undefined {
  const [kind, message] = (reason === undefined ? undefined : entryOf(FAULTS, reason)) ?? [];
  return kind === undefined || message === undefined
    ? undefined
    : new ProviderError({ kind, message, provider, code: reason });
}

/** A reason that has no canonical word: it goes back out in this format as it came. */
export function ownReason(reason: string | undefined): { finish_reason?: string } {
  return reason === undefined || reason === '' || entryOf(REASONS, reason) !== undefined
    ? {}
    : { finish_reason: reason };
}

/** What an answer held, as far as it tells why the answer ended. */
export interface Ending {
  /** `finish_reason`; undefined or `''` where there was none. */
  readonly rawReason: string | undefined;
  readonly calledTools: boolean;
  readonly refused: boolean;
  /** The stop sequence that was met, where the endpoint says so (vLLM `stop_reason`, SGLang `matched_stop`). */
  readonly stopSequence: string | undefined;
}

/**
 * Why an answer ended. A reason that says no more than "done" is refined by what the answer holds: a forced tool call ends in
 * `stop` at OpenAI itself.
 */
export function decodeFinish(ending: Ending): Finish {
  const { rawReason } = ending;
  const named = rawReason === undefined || rawReason === '' ? 'stop' : (entryOf(REASONS, rawReason) ?? 'other');
  const reason = refine(named, ending);
  if (ending.stopSequence === undefined) {
    return rawReason === undefined || rawReason === '' ? { reason } : { reason, rawReason };
  }
  return {
    reason,
    ...(rawReason === undefined || rawReason === '' ? {} : { rawReason }),
    stopSequence: ending.stopSequence,
  };
}

function refine(named: FinishReason, ending: Ending): FinishReason {
  if (named !== 'stop' && named !== 'other' && named !== 'tool-calls') return named;
  if (ending.calledTools) return 'tool-calls';
  if (ending.refused) return 'refusal';
  if (named === 'stop' && ending.stopSequence !== undefined) return 'stop-sequence';
  return named;
}

/** The stop sequence that a choice names. */
export function stopSequenceOf(choice: JsonObject): string | undefined {
  if (typeof choice.stop_reason === 'string') return choice.stop_reason;
  return typeof choice.matched_stop === 'string' ? choice.matched_stop : undefined;
}

/** A finish as `finish_reason`. A refusal whose words are in the answer ends in `stop`, as at OpenAI. `own`: see `ownReason`. */
export function encodeFinish(finish: Finish, refusalIsTold: boolean, own?: JsonValue): string {
  switch (finish.reason) {
    case 'length':
    case 'context-window':
    // The nearest that is not a clean end: the answer is not whole.
    case 'pause':
      return 'length';
    case 'tool-calls':
      return 'tool_calls';
    case 'content-filter':
      return 'content_filter';
    case 'refusal':
      return refusalIsTold ? 'stop' : 'content_filter';
    case 'error':
      return 'error';
    case 'other':
      return typeof own === 'string' ? own : 'stop';
    default:
      return 'stop';
  }
}
