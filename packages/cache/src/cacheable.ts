import type { FinishReason, JsonObject, ModelRequest, ModelResponse } from '@signalbox/core';

/** Fields of the formats' own by which a provider does more than answer from the request: it looks something up, acts, or keeps state. */
const ACTS: ReadonlySet<string> = new Set([
  'background',
  'container',
  'conversation',
  'mcp_servers',
  'plugins',
  'previous_response_id',
  'prompt',
  'search_parameters',
  'web_search_options',
]);

/** Why an answer to this request must not be kept, as one clause; undefined where it may. */
export function whyNotCached(request: ModelRequest): string | undefined {
  if (request.serverState !== undefined) return `${request.serverState.parameter} refers to what the provider keeps`;
  if (request.tools?.some((tool) => tool.type === 'opaque')) return 'it has tools that the provider may run itself';
  if ((request.candidateCount ?? 1) > 1) return 'it asks for several answers';
  for (const own of [...Object.values(request.extensions ?? {}), ...Object.values(request.providerOptions ?? {})]) {
    const field = Object.keys(own).find((name) => ACTS.has(name) && isSet(own, name));
    if (field !== undefined) return `${field} makes the provider do more than answer`;
    if (own.store === true) return 'it asks the provider to store the answer';
  }
  return undefined;
}

function isSet(own: JsonObject, name: string): boolean {
  return own[name] !== undefined && own[name] !== null && own[name] !== false;
}

/** Ends that another call would come to as well. What a filter stopped, a model refused or nobody can name may be otherwise next time. */
const LASTING: ReadonlySet<FinishReason> = new Set<FinishReason>(['stop', 'stop-sequence', 'tool-calls', 'length']);

/** Whether a complete answer is worth giving again. */
export function isWorthKeeping({ finish, parts }: ModelResponse): boolean {
  return LASTING.has(finish.reason) && parts.some((part) => part.type !== 'text' || part.text !== '');
}
