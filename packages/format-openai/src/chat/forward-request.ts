import {
  type ByteRange,
  bytesAt,
  type ForwardedRequest,
  isJsonObject,
  noRequestObject,
  type RequestBytes,
  type RequestHead,
  RouterError,
  readRange,
  scanTopLevel,
  spliceBytes,
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
export function forwardRequest(body: RequestBytes, head: RequestHead, model: string): ForwardedRequest {
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
function askForUsage(body: RequestBytes): Edit | undefined {
  const scan = scanTopLevel(body, ['stream_options']);
  if (scan === undefined) throw noRequestObject();
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
  const inner = scanTopLevel(bytesAt(body, range), ['include_usage']);
  if (inner?.duplicate !== undefined) throw twice('stream_options.include_usage');
  const value = inner?.ranges.get('include_usage');
  if (value === undefined) return insertion(body, range[0], USAGE);
  return { range: [range[0] + value[0], range[0] + value[1]], text: 'true' };
}

/** Puts a member first into the object that begins at or after `from`. */
function insertion(body: RequestBytes, from: number, member: string): Edit {
  // Blanks may stand between all of it; hardly anybody writes more than a few.
  const bytes = body.length > from + NEARBY ? bytesAt(body, [from, from + NEARBY]) : bytesAt(body, [from, body.length]);
  const found = insertionIn(bytes, from, member);
  return (
    found ?? insertionIn(bytesAt(body, [from, body.length]), from, member) ?? { range: [from, from], text: member }
  );
}

const NEARBY = 64;

/** `undefined` where it can't be told from these bytes. */
function insertionIn(bytes: Uint8Array, from: number, member: string): Edit | undefined {
  const after = bytes.indexOf(0x7b) + 1;
  if (after === 0) return undefined;
  let next = after;
  while (bytes[next] === 0x20 || bytes[next] === 0x0a || bytes[next] === 0x0d || bytes[next] === 0x09) next += 1;
  if (next >= bytes.length) return undefined;
  return { range: [from + after, from + after], text: bytes[next] === 0x7d ? member : `${member},` };
}

/** All edits, those that stand further back first: what is before them keeps its place. Each splits a body in pieces once more, and copies one that is whole. */
function apply(body: RequestBytes, edits: readonly Edit[]): RequestBytes {
  return edits
    .toSorted((one, other) => other.range[0] - one.range[0])
    .reduce((edited, { range, text }) => spliceBytes(edited, range, text), body);
}
