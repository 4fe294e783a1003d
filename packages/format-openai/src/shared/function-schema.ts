import type { JsonObject } from '@signalbox/core';

/**
 * A function's schema as OpenAI takes it: it answers 400 to one without a type, and to an object without `properties`, which is how many MCP servers
 * write a tool that takes nothing (`{"type": "object"}`). The same value where nothing is missing.
 */
export function functionSchema(parameters: JsonObject): JsonObject {
  const { type = 'object', properties = {} } = parameters;
  if (type !== 'object' || (parameters.type !== undefined && parameters.properties !== undefined)) return parameters;
  return { ...parameters, type, properties };
}
