import { asObject, type JsonObject, type ServerState } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/**
 * What a request leans on that Anthropic keeps: a thread with the turns before, a container with files. Without it another provider would answer a
 * question that nobody asked.
 */
export function serverState({ thread, container }: JsonObject): { serverState?: ServerState } {
  if (thread !== undefined && thread !== null) return { serverState: { format: FORMAT_ID, parameter: 'thread' } };
  // Skills alone name no container: a new one is made for them.
  const kept = typeof container === 'string' || typeof asObject(container)?.id === 'string';
  return kept ? { serverState: { format: FORMAT_ID, parameter: 'container' } } : {};
}
