import type { JsonObject, ModelRequest } from '@signalbox/core';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

const PARAMETERS = ['previous_response_id', 'conversation', 'prompt', 'background'] as const;

/**
 * The parameter of a Responses request that names what its provider keeps (an earlier response, a conversation, a prompt
 * template, a stored item), alone can read (a compaction), would have to make (one) or to keep (`background`); undefined where the request stands on its own. Such a
 * request means nothing to a provider of another format, nor to another account: refuse it there instead of answering
 * without its history.
 *
 * @example
 * ```ts
 * const parameter = serverState(request);
 * if (parameter !== undefined && target.format.id !== 'openai-responses') {
 *   throw new RouterError({ kind: 'unsupported', message: `${target.id} can't serve "${parameter}".`, parameter });
 * }
 * ```
 */
export function serverState(request: ModelRequest): string | undefined {
  const fields = ownFields(request.extensions);
  const parameter = PARAMETERS.find((name) => fields[name] !== undefined && fields[name] !== false);
  if (parameter !== undefined) return parameter;
  if (holds(request, isReference)) return 'input.item_reference';
  return holds(request, isTrigger) ? 'input.compaction_trigger' : compacted(request);
}

function holds(request: ModelRequest, isIt: (item: JsonObject) => boolean): boolean {
  return request.messages.some(({ parts }) =>
    parts.some((part) => part.type === 'opaque' && part.format === FORMAT_ID && isIt(part.value)),
  );
}

const isReference = (item: JsonObject): boolean => item.type === 'item_reference';
/** Codex asks so for a compaction of all that stands before; a text in its place ends its run. */
const isTrigger = (item: JsonObject): boolean => item.type === 'compaction_trigger';

/** All turns before, in a form that their provider alone can read. */
function compacted(request: ModelRequest): string | undefined {
  return holds(request, ({ type, encrypted_content: content }) => type === 'compaction' && typeof content === 'string')
    ? 'input.compaction'
    : undefined;
}
