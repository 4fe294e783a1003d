import { asObject, asString, type JsonObject, parseJson } from '@signalbox/core';
import { type BatchCallInput, jsonLine } from './batch-call.ts';
import { isDone, type ShelvedBatch, type ShelvedRequest } from './batch-shelf.ts';
import type { ErrorName } from './error-answer.ts';
import { readFormParts } from './form-data.ts';
import { invalidRequest } from './request-text.ts';

/** OpenAI: the requests come as a file (developers.openai.com/api/reference/resources/files). */
export function uploadFile({ shelf, bodyText, contentType, now }: BatchCallInput): JsonObject {
  const parts = readFormParts(bodyText, contentType);
  const file = parts.get('file');
  const purpose = parts.get('purpose')?.text;
  if (purpose === undefined) throw invalidRequest('purpose', "'purpose' is a required property");
  if (file === undefined) throw invalidRequest('file', "'file' is a required property");
  const id = `file-sim${String(shelf.nextNumber()).padStart(6, '0')}`;
  shelf.files.set(id, { name: file.filename ?? 'file', text: file.text, createdAt: now });
  return {
    id,
    object: 'file',
    bytes: Buffer.byteLength(file.text),
    created_at: Math.floor(now / 1_000),
    filename: file.filename ?? 'file',
    purpose,
    status: 'processed',
  };
}

/** A file that was uploaded, or the results of a batch as a file. */
export function fileContent({ route, shelf, reply }: BatchCallInput): string | { readonly error: ErrorName } {
  const [, kind, batchId] = /^file-(output|error)-(.+)$/.exec(route.id ?? '') ?? [];
  const batch = shelf.batches.get(batchId ?? '');
  if (batch === undefined) return shelf.files.get(route.id ?? '')?.text ?? { error: 'model_not_found' };
  const lines: string[] = [];
  for (const [index, request] of [...batch.requests].reverse().entries()) {
    const { status, body } = reply(request, 'openai');
    if (status < 400 !== (kind === 'output')) continue;
    const response = { status_code: status, request_id: `req_sim${index}`, body };
    lines.push(jsonLine({ id: `batch_req_sim${index}`, custom_id: request.customId, response, error: null }));
  }
  return lines.join('');
}

/** Makes a batch of a file. */
export function createOpenaiBatch({
  shelf,
  bodyText,
  now,
  reply,
}: BatchCallInput): JsonObject | { readonly error: ErrorName } {
  const wanted = asObject(parseJson(bodyText)) ?? {};
  const endpoint = asString(wanted.endpoint);
  const inputFile = asString(wanted.input_file_id);
  if (endpoint === undefined) throw invalidRequest('endpoint', "'endpoint' is a required property");
  if (wanted.completion_window !== '24h')
    throw invalidRequest('completion_window', "Invalid value: supported values are: '24h'.");
  const file = shelf.files.get(inputFile ?? '');
  if (file === undefined) return { error: 'model_not_found' };
  const { requests, problem } = readLines(file.text, endpoint);
  const id = `batch_sim${String(shelf.nextNumber()).padStart(6, '0')}`;
  const batch: ShelvedBatch = {
    id,
    vendor: 'openai',
    createdAt: now,
    requests,
    inputFile,
    endpoint,
    problem,
    looks: 0,
    canceled: false,
  };
  shelf.batches.set(id, batch);
  return openaiBatch(batch, { now, reply });
}

/** The requests of a file, and what is wrong with it: OpenAI says that of the batch, once it has looked. */
function readLines(text: string, endpoint: string): Pick<ShelvedBatch, 'requests' | 'problem'> {
  const requests: ShelvedRequest[] = [];
  const seen = new Set<string>();
  const models = new Set<string>();
  let problem: ShelvedBatch['problem'];
  for (const [index, json] of text.split('\n').entries()) {
    if (json.trim() === '') continue;
    const entry = asObject(parseJson(json));
    const customId = asString(entry?.custom_id);
    const body = asObject(entry?.body);
    const url = asString(entry?.url);
    const number = index + 1;
    if (customId === undefined || body === undefined || entry?.method !== 'POST') {
      problem ??= { code: 'invalid_json_line', message: 'This line is not parseable as valid JSON.', line: number };
      continue;
    }
    if (url !== endpoint)
      problem ??= {
        code: 'mismatched_url',
        message: 'The URL provided for this request does not match the batch endpoint.',
        line: number,
      };
    if (seen.has(customId))
      problem ??= {
        code: 'duplicate_custom_id',
        message: 'The custom_id for this request is a duplicate of another request.',
        line: number,
      };
    seen.add(customId);
    models.add(asString(body.model) ?? '');
    if (models.size > 1)
      problem ??= {
        code: 'mismatched_model',
        message: 'The model in this line differs from that of the lines before: a batch is for one model.',
        line: number,
      };
    requests.push({ customId, url: endpoint, body });
  }
  if (requests.length === 0) problem ??= { code: 'empty_file', message: 'The input file is empty.', line: null };
  return { requests, problem };
}

/** A batch as OpenAI shows it. */
export function openaiBatch(batch: ShelvedBatch, { now, reply }: Pick<BatchCallInput, 'now' | 'reply'>): JsonObject {
  const done = isDone(batch) && batch.problem === undefined;
  const seconds = Math.floor(now / 1_000);
  const total = batch.requests.length;
  const completed =
    done && !batch.canceled ? batch.requests.filter((one) => reply(one, 'openai').status < 400).length : 0;
  const failed = done && !batch.canceled ? total - completed : 0;
  const status =
    batch.looks === 0
      ? 'validating'
      : batch.problem !== undefined
        ? 'failed'
        : batch.canceled
          ? 'cancelled'
          : done
            ? 'completed'
            : 'in_progress';
  const { problem } = batch;
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batch.endpoint ?? '',
    errors:
      status !== 'failed' || problem === undefined ? null : { object: 'list', data: [{ ...problem, param: null }] },
    input_file_id: batch.inputFile ?? '',
    completion_window: '24h',
    status,
    output_file_id: completed > 0 ? `file-output-${batch.id}` : null,
    error_file_id: failed > 0 ? `file-error-${batch.id}` : null,
    created_at: Math.floor(batch.createdAt / 1_000),
    in_progress_at: batch.looks === 0 ? null : seconds,
    expires_at: Math.floor(batch.createdAt / 1_000) + 86_400,
    finalizing_at: null,
    completed_at: status === 'completed' ? seconds : null,
    failed_at: status === 'failed' ? seconds : null,
    expired_at: null,
    cancelling_at: null,
    cancelled_at: status === 'cancelled' ? seconds : null,
    request_counts: { total: status === 'failed' ? 0 : total, completed, failed },
    metadata: null,
  };
}
