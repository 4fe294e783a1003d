import { asObject, type JsonObject, type JsonValue } from '@signalbox/core';
import type { SimulatedUsage } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';

/** The output format of both OpenAI APIs: `format.type`, and where its schema stands. */
export function readOpenaiFormat(
  format: JsonObject | undefined,
  holder: JsonValue | undefined,
): SimulatedRequest['output'] {
  if (format?.type === 'json_object') return 'json';
  if (format?.type !== 'json_schema') return 'text';
  const schema = asObject(asObject(holder)?.schema);
  return schema ? { schema } : 'json';
}

/** The cache figures of both OpenAI APIs; writes are shown only where there are some. */
export function openaiTokenDetails(usage: SimulatedUsage): JsonObject {
  return {
    cached_tokens: usage.cacheRead,
    cache_write_tokens: usage.cacheWrite > 0 ? usage.cacheWrite : undefined,
  };
}
