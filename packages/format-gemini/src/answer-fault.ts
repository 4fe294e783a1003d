import { type FieldFault, type JsonObject, type JsonValue, ProviderError } from '@signalbox/core';
import type { AnswerState } from './answer-state.ts';
import { decodeError } from './decode-error.ts';

/** Makes the error for an answer that is not one of this format. */
export function invalidAnswer(provider: string): FieldFault {
  return (field, expected) =>
    new ProviderError({
      kind: 'invalid-response',
      message: `${provider} sent an answer whose "${field}" is not ${expected}.`,
      provider,
    });
}

/** The error that stands where an answer was expected. */
export function answerError(body: JsonObject, provider: string): ProviderError {
  const init = decodeError(0, {}, body);
  return new ProviderError({ ...init, status: init.status === 0 ? undefined : init.status, provider });
}

/**
 * What makes the ids of one answer's calls differ from those of the next turn: the answer's id, or a digest of its parts
 * where Google sent none.
 */
export function callScope(state: AnswerState, parts: readonly JsonValue[]): string {
  return state.id ?? digest(JSON.stringify(parts) + JSON.stringify(state.metadata ?? {}));
}

/** FNV-1a, 32 bits: for telling texts apart, not for keeping secrets. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
