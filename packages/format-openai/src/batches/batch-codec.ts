import {
  asArray,
  asNumber,
  asObject,
  asString,
  type BatchCodec,
  type BatchItem,
  type ClientCodec,
  type JsonObject,
  type JsonValue,
  ProviderError,
} from '@signalbox/core';

/**
 * OpenAI's Batch API: a file of requests, one batch over it, and files of results (developers.openai.com/api/reference/resources/batches).
 *
 * @example defineProvider({ ..., format: openaiChat, batches: openaiBatches(openaiChat.client) })
 */
export function openaiBatches(client: ClientCodec): BatchCodec {
  return {
    mostRequests: 50_000,
    mostBytes: 200_000_000,
    oneModel: true,
    encodeUpload(items) {
      const lines = items.map(({ id, request }) =>
        JSON.stringify({ custom_id: id, method: 'POST', url: urlOf(request), body: request.body }),
      );
      return upload(`${lines.join('\n')}\n`);
    },
    decodeUpload: (body, provider) => requireString(body, 'id', provider),
    encodeCreate: (items, fileId = '') => ({
      method: 'POST',
      path: '/batches',
      headers: {},
      body: JSON.stringify({
        input_file_id: fileId,
        endpoint: items[0] === undefined ? '' : urlOf(items[0].request),
        completion_window: '24h',
      }),
    }),
    encodeStatus: (id) => ({ method: 'GET', path: `/batches/${encodeURIComponent(id)}`, headers: {}, body: '' }),
    decodeState(body, provider) {
      const id = requireString(body, 'id', provider);
      const batch = asObject(body as JsonValue) ?? {};
      const reported = asString(batch.status) ?? '';
      const counts = asObject(batch.request_counts);
      const seconds = (field: string) => {
        const value = asNumber(batch[field]);
        return value === undefined ? undefined : value * 1_000;
      };
      return {
        id,
        status: reported === 'failed' ? 'failed' : ENDED.has(reported) ? 'ended' : 'running',
        reported,
        counts: {
          total: asNumber(counts?.total) ?? 0,
          succeeded: asNumber(counts?.completed) ?? 0,
          failed: asNumber(counts?.failed) ?? 0,
        },
        createdAt: seconds('created_at'),
        expiresAt: seconds('expires_at'),
        problem: problemOf(batch),
        resultPaths: [batch.output_file_id, batch.error_file_id].flatMap((file) =>
          typeof file === 'string' && file !== '' ? [`/files/${encodeURIComponent(file)}/content`] : [],
        ),
      };
    },
    encodeResults: (path) => ({ method: 'GET', path, headers: {}, body: '' }),
    decodeResult(line, provider) {
      const id = asString(line.custom_id);
      if (id === undefined) return undefined;
      const response = asObject(line.response);
      const status = asNumber(response?.status_code);
      if (response !== undefined && status !== undefined && status < 400) {
        try {
          return { id, outcome: { response: client.decodeResponse(response.body, { provider }) } };
        } catch (error) {
          if (!ProviderError.is(error)) throw error;
          return { id, outcome: { error: { kind: error.kind, message: error.message, provider } } };
        }
      }
      if (response !== undefined && status !== undefined) {
        return { id, outcome: { error: { ...client.decodeError(status, {}, response.body), provider } } };
      }
      const failure = asObject(line.error);
      const code = asString(failure?.code);
      const message = asString(failure?.message) ?? 'The request has no answer.';
      return {
        id,
        outcome: { error: { kind: code === 'batch_expired' ? 'timeout' : 'unknown', message, code, provider } },
      };
    },
  };
}

/** What is done is charged and has results, also where a batch was cancelled or ran out of time. */
const ENDED: ReadonlySet<string> = new Set(['completed', 'expired', 'cancelled']);

/** Paths in a batch are those of the API itself, whatever the endpoint's base is. */
const urlOf = ({ path }: BatchItem['request']): string => `/v1${path}`;

/** `multipart/form-data` (RFC 7578) with the file and its purpose. */
function upload(lines: string) {
  const boundary = `signalbox-${boundaryFor(lines)}`;
  const body = [
    `--${boundary}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nbatch\r\n`,
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="batch.jsonl"\r\ncontent-type: application/jsonl\r\n\r\n${lines}\r\n`,
    `--${boundary}--\r\n`,
  ].join('');
  return {
    method: 'POST' as const,
    path: '/files',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body,
  };
}

/** Something that does not stand in the file. */
function boundaryFor(lines: string): string {
  let number = 0;
  while (lines.includes(`signalbox-${number}`)) number += 1;
  return String(number);
}

function problemOf(batch: JsonObject): string | undefined {
  const errors = asArray(asObject(batch.errors)?.data);
  const said = errors.flatMap((error) => {
    const one = asObject(error);
    const message = asString(one?.message);
    if (message === undefined) return [];
    const line = asNumber(one?.line);
    return [line === undefined ? message : `line ${line}: ${message}`];
  });
  return said.length === 0 ? undefined : said.slice(0, 3).join('; ');
}

function requireString(body: unknown, field: string, provider: string): string {
  const value = asString(asObject(body as JsonValue)?.[field]);
  if (value !== undefined && value !== '') return value;
  throw new ProviderError({
    kind: 'invalid-response',
    provider,
    message: `${provider} answered without the "${field}" of what was made.`,
  });
}
