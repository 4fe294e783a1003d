import { RouterError } from './errors.ts';
import { readRange, scanTopLevel } from './json-scan.ts';
import { noRequestObject } from './request-body.ts';
import type { RequestBytes } from './request-bytes.ts';
import type { RequestHead } from './wire-format.ts';

/** What a format's head holds beside the model's name and the stream flag. */
export interface HeadFields {
  /** Whether a request that does not say so is streamed. Default `false`. */
  readonly streamDefault?: boolean | undefined;
  /** Further fields at the top of the body; they should be short. */
  readonly keys?: readonly string[] | undefined;
  /** Reads them: `value` gives a field parsed, `undefined` where it is absent. */
  readonly read?: ((value: (key: string) => unknown) => Partial<RequestHead>) | undefined;
}

/**
 * The head of a request whose JSON body names `model` and `stream` at the top, as four of the five formats do.
 * Throws RouterError `invalid-request` where the body is not a JSON object, or names one of the two twice.
 */
export function scanRequestHead(body: RequestBytes, fields: HeadFields = {}): RequestHead {
  const scan = scanTopLevel(body, ['model', 'stream', ...(fields.keys ?? [])]);
  if (scan === undefined) throw noRequestObject();
  if (scan.duplicate === 'model' || scan.duplicate === 'stream') {
    throw new RouterError({
      kind: 'invalid-request',
      message: `The request body has the field "${scan.duplicate}" twice: send it once.`,
      parameter: scan.duplicate,
    });
  }
  const modelRange = scan.ranges.get('model');
  const streamRange = scan.ranges.get('stream');
  const model = modelRange === undefined ? undefined : readRange(body, modelRange);
  if (model !== undefined && model !== null && typeof model !== 'string') {
    throw new RouterError({
      kind: 'invalid-request',
      message: 'The field "model" must be a string.',
      parameter: 'model',
    });
  }
  const stream = streamRange === undefined ? undefined : readRange(body, streamRange);
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new RouterError({
      kind: 'invalid-request',
      message: 'The field "stream" must be true or false.',
      parameter: 'stream',
    });
  }
  const head = { model: model ?? undefined, stream: stream ?? fields.streamDefault ?? false, modelRange };
  if (fields.read === undefined || scan.ranges.size === 0) return head;
  const further = fields.read((key) => {
    const range = scan.ranges.get(key);
    return range === undefined ? undefined : readRange(body, range);
  });
  const { session, user, tags, effort, serverState, background } = further;
  return {
    model: 'model' in further ? further.model : head.model,
    stream: further.stream ?? head.stream,
    modelRange,
    session,
    user,
    tags,
    effort,
    serverState,
    background,
  };
}
