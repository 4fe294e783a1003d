import { RouterError } from './errors.ts';
import { readRange, scanTopLevel } from './json-scan.ts';
import type { RequestHead } from './wire-format.ts';

/**
 * The head of a request whose JSON body names `model` and `stream` at the top, as four of the five formats do.
 * Throws RouterError `invalid-request` where the body is not a JSON object, or names one of the two twice.
 */
export function scanRequestHead(body: Uint8Array, streamDefault = false): RequestHead {
  const scan = scanTopLevel(body, ['model', 'stream']);
  if (scan === undefined) {
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not a JSON object.' });
  }
  if (scan.duplicate !== undefined) {
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
  return { model: model ?? undefined, stream: stream ?? streamDefault, modelRange };
}
