import { asObject, type JsonObject, type ServerState } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** The beginning of a thread: the request holds the whole conversation, which is to be kept from here on (`BetaThreadCreateParams` of @anthropic-ai/sdk 1.14.0). */
export const NEW_THREAD = 'thread';
/** A thread that goes on: the request holds what is new alone (`BetaThreadContinueParams`). */
export const OLD_THREAD = 'thread.previous_message_id';

/**
 * What a request leans on that Anthropic keeps: a thread with the turns before, a container with files. Without it another provider would answer a
 * question that nobody asked.
 */
export function serverState({ thread, container }: JsonObject): { serverState?: ServerState } {
  if (thread !== undefined && thread !== null) {
    const parameter = asObject(thread)?.type === 'create' ? NEW_THREAD : OLD_THREAD;
    return { serverState: { format: FORMAT_ID, parameter } };
  }
  // Skills alone name no container: a new one is made for them.
  const kept = typeof container === 'string' || typeof asObject(container)?.id === 'string';
  return kept ? { serverState: { format: FORMAT_ID, parameter: 'container' } } : {};
}
