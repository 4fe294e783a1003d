import { asObject, asString, entryOf, type Finish, type FinishReason, type JsonObject } from '@signalbox/core';

/** What `incomplete_details.reason` says. */
const INCOMPLETE: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  max_tokens: 'length',
  context_window: 'context-window',
  content_filter: 'content-filter',
};

/** What an answer held, as far as it tells why the answer ended. */
export interface Ending {
  readonly calledTools: boolean;
  readonly refused: boolean;
}

/** Why a response ended. `completed` says no more than that: what it holds says whether the caller has tools to run. */
export function decodeFinish(response: JsonObject, ending: Ending): Finish {
  const status = asString(response.status) ?? 'completed';
  if (status === 'incomplete') {
    const rawReason = asString(asObject(response.incomplete_details)?.reason) ?? status;
    return { reason: entryOf(INCOMPLETE, rawReason) ?? 'other', rawReason };
  }
  // A response that is made in the background: there is more to come, elsewhere.
  if (isWaiting(status)) return { reason: 'pause', rawReason: status };
  if (status === 'cancelled') return { reason: 'other', rawReason: status };
  if (ending.calledTools) return { reason: 'tool-calls', rawReason: status };
  return { reason: ending.refused ? 'refusal' : 'stop', rawReason: status };
}

/** Status, error and cause of a response. A type, so that it is a JSON object as well. */
export type ResponseState = {
  readonly status: string;
  readonly error: JsonObject | null;
  readonly incomplete_details: JsonObject | null;
};

/** Status, cause and error of a response that ended. A refusal whose words are in the answer is complete, as at OpenAI. */
export function encodeFinish(finish: Finish, refusalIsTold: boolean): ResponseState {
  switch (finish.reason) {
    case 'length':
    case 'context-window':
      return incomplete('max_output_tokens');
    case 'content-filter':
      return incomplete('content_filter');
    case 'refusal':
      return refusalIsTold ? completed() : incomplete('content_filter');
    case 'pause':
      return isWaiting(finish.rawReason)
        ? { ...completed(), status: finish.rawReason }
        : incomplete('max_output_tokens');
    case 'error':
      return {
        status: 'failed',
        error: { code: 'server_error', message: finish.detail ?? 'The model ended its answer with an error.' },
        incomplete_details: null,
      };
    case 'other':
      return finish.rawReason === undefined || finish.rawReason === 'completed'
        ? completed()
        : incomplete(finish.rawReason);
    default:
      return completed();
  }
}

/** Whether a response is still being made in the background. */
export function isWaiting(status: unknown): status is 'queued' | 'in_progress' {
  return status === 'queued' || status === 'in_progress';
}

function completed(): ResponseState {
  return { status: 'completed', error: null, incomplete_details: null };
}

function incomplete(reason: string): ResponseState {
  return { status: 'incomplete', error: null, incomplete_details: { reason } };
}
