import type { JsonObject } from '@signalbox/core';
import { anthropicBatch, anthropicResults, createAnthropicBatch } from './anthropic-batches.ts';
import type { BatchCallInput } from './batch-call.ts';
import { isDone } from './batch-shelf.ts';
import type { ErrorName } from './error-answer.ts';
import { createOpenaiBatch, fileContent, openaiBatch, uploadFile } from './openai-batches.ts';

/** The answer of a batch endpoint: JSON, or lines of it; or the name of an error. @throws RouterError `invalid-request`. */
export function answerBatchEndpoint(input: BatchCallInput): JsonObject | string | { readonly error: ErrorName } {
  const { route, shelf } = input;
  if (route.action === 'upload') return uploadFile(input);
  if (route.action === 'content') return fileContent(input);
  if (route.action === 'create')
    return route.vendor === 'anthropic' ? createAnthropicBatch(input) : createOpenaiBatch(input);
  const batch = shelf.batches.get(route.id ?? '');
  if (batch === undefined || batch.vendor !== route.vendor) return { error: 'model_not_found' };
  if (route.action === 'cancel') batch.canceled = true;
  if (route.action === 'results') return isDone(batch) ? anthropicResults(batch, input) : { error: 'model_not_found' };
  batch.looks += 1;
  return route.vendor === 'anthropic' ? anthropicBatch(batch, input) : openaiBatch(batch, input);
}
