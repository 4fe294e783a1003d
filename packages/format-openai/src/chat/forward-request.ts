import {
  type ByteRange,
  encodeUtf8,
  type ForwardedRequest,
  isJsonObject,
  type RequestHead,
  RouterError,
  readRange,
  scanTopLevel,
} from '@signalbox/core';
import { CHAT_PATH } from './encode-request.ts';

interface Edit {
  readonly range: ByteRange;
  readonly text: string;
}

const USAGE = '"include_usage":true';

/**
 * The caller's bytes for a provider: the model's name is replaced, and a stream asks for its usage. Everything else stays
 * as it was written. Throws RouterError `invalid-request` on a body that names `stream_options` twice.
 */
export function forwardRequest(body: Uint8Array, head: RequestHead, model: string): ForwardedRequest {
  const edits: Edit[] = [];
  if (head.modelRange === undefined) edits.push(insertion(body, 0, `"model":${JSON.stringify(model)}`));
  else if (head.model !== model) edits.push({ range: head.modelRange, text: JSON.stringify(model) });
  const usageEdit = head.stream ? askForUsage(body) : undefined;
  if (usageEdit !== undefined) edits.push(usageEdit);
  return { path: CHAT_PATH, body: apply(body, edits), hideUsage: usageEdit !== undefined };
}

function twice(field: string): RouterError {
  return new RouterError({
    kind: 'invalid-request',
    message: `The request body has the field "${field}" twice: send it once.`,
    parameter: field,
  });
}

/** The edit after which the request asks for usage; undefined where it does already. */
function askForUsage(body: Uint8Array): Edit | undefined {
  const scan = scanTopLevel(body, ['stream_options']);
  if (scan === undefined) {
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not a JSON object.' });
  }
  if (scan.duplicate !== undefined) throw twice(scan.duplicate);
  const range = scan.ranges.get('stream_options');
  if (range === undefined) return insertion(body, 0, `"stream_options":{${USAGE}}`);
  const options = readRange(body, range);
  if (options === null) return { range, text: `{${USAGE}}` };
  if (!isJsonObject(options)) {
    throw new RouterError({
      kind: 'invalid-request',
      message: 'The field "stream_options" must be an object.',
      parameter: 'stream_options',
    });
  }
  if (options.include_usage === true) return undefined;
  const inner = scanTopLevel(body.subarray(range[0], range[1]), ['include_usage']);
  if (inner?.duplicate !== undefined) throw twice('stream_options.include_usage');
  const value = inner?.ranges.get('include_usage');
  if (value === undefined) return insertion(body, range[0], USAGE);
  return { range: [range[0] + value[0], range[0] + value[1]], text: 'true' };
}

/** Puts a member first into the object that begins at or after `from`. */
function insertion(body: Uint8Array, from: number, member: string): Edit {
  const after = body.indexOf(0x7b, from) + 1;
  let next = after;
  while (body[next] === 0x20 || body[next] === 0x0a || body[next] === 0x0d || body[next] === 0x09) next += 1;
  return { range: [after, after], text: body[next] === 0x7d ? member : `${member},` };
}

/** All edits in one copy. */
function apply(body: Uint8Array, edits: readonly Edit[]): Uint8Array {
  if (edits.length === 0) return body;
  const sorted = edits
    .map(({ range, text }) => ({ range, bytes: encodeUtf8(text) }))
    .toSorted((one, other) => one.range[0] - other.range[0]);
  const growth = sorted.reduce((sum, { range, bytes }) => sum + bytes.length - (range[1] - range[0]), 0);
  const result = new Uint8Array(body.length + growth);
  let read = 0;
  let written = 0;
  for (const { range, bytes } of sorted) {
    result.set(body.subarray(read, range[0]), written);
    written += range[0] - read;
    result.set(bytes, written);
    written += bytes.length;
    read = range[1];
  }
  result.set(body.subarray(read), written);
  return result;
}
