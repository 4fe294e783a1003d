import {
  type Extensions,
  instructionOf,
  type JsonObject,
  type Message,
  type ModelRequest,
  type Part,
  type Tool,
} from '@signalbox/core';

/**
 * Fields of the formats' own that leave the answer as it is: labels, billing, what is shown while it comes. What is not listed here counts, so
 * that a field nobody has thought of makes a miss and never a wrong answer.
 */
const WITHOUT_SAY: ReadonlySet<string> = new Set([
  'keep_alive',
  'labels',
  'metadata',
  'prompt_cache_retention',
  'safety_identifier',
  'store',
  'stream_options',
]);

/**
 * What of a request can change its answer. Out are the name by which the caller chose the model (who answers is known by now), how the answer
 * is to be carried, who asks, and what to keep in the provider's prompt cache.
 */
export function requestEssence(request: ModelRequest): object {
  const {
    model: _model,
    stream: _stream,
    streamUsage: _streamUsage,
    userId: _userId,
    promptCacheKey: _promptCacheKey,
    serviceTier: _serviceTier,
    ...rest
  } = request;
  return {
    ...rest,
    system: request.system.flatMap((part) => instructionOf(part) ?? []).map(partEssence),
    messages: request.messages.map(messageEssence),
    tools: request.tools?.map(toolEssence),
    extensions: extensionsEssence(request.extensions),
  };
}

function messageEssence(message: Message): object {
  return { ...message, parts: message.parts.map(partEssence) };
}

function partEssence(part: Part): object {
  // What is opaque has no mark of ours: all of it counts.
  if (part.type === 'opaque') return part;
  const { cache: _cache, ...rest } = part;
  return rest.type === 'tool-result' ? { ...rest, content: rest.content.map(partEssence) } : rest;
}

function toolEssence(tool: Tool): object {
  if (tool.type === 'opaque') return tool;
  const { cache: _cache, ...rest } = tool;
  return rest;
}

function extensionsEssence(extensions: Extensions | undefined): object | undefined {
  return extensions && Object.fromEntries(Object.entries(extensions).map(([format, own]) => [format, fields(own)]));
}

function fields(own: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(own).filter(([name]) => !WITHOUT_SAY.has(name)));
}
