import { RouterError } from './errors.ts';
import { bytesAt, readRange, scanTopLevel, type TopLevelScan } from './json-scan.ts';
import { noRequestObject } from './request-body.ts';
import type { ByteRange, RequestBytes } from './request-bytes.ts';
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
 * Throws RouterError `invalid-request` where the body is not a JSON object, names one of the fields that are read twice, or the model in other letters (`Model`).
 */
export function scanRequestHead(body: RequestBytes, fields: HeadFields = {}): RequestHead {
  const scan = scanTopLevel(body, ['model', 'stream', ...(fields.keys ?? [])]);
  if (scan === undefined) throw noRequestObject();
  refuseTwoReadings(scan);
  const modelRange = scan.ranges.get('model');
  const streamRange = scan.ranges.get('stream');
  const model = modelRange === undefined ? undefined : readName(body, modelRange);
  if (model !== undefined && model !== null && typeof model !== 'string') {
    throw new RouterError({
      kind: 'invalid-request',
      message: 'The field "model" must be a string.',
      parameter: 'model',
    });
  }
  const stream = streamRange === undefined ? undefined : readFlag(body, streamRange);
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
  const { session, user, tags, effort, serverState, background, store, otherModels } = further;
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
    store,
    otherModels,
  };
}

/** Throws RouterError `invalid-request` where another reader of the same body could read something else than we do: the provider would act on what nobody has looked at. */
export function refuseTwoReadings({ duplicate, alike }: Pick<TopLevelScan, 'duplicate' | 'alike'>): void {
  const problem =
    duplicate !== undefined
      ? `has the field "${duplicate}" twice: send it once`
      : alike !== undefined
        ? `has a field "${alike}": the model's name stands in "model", in small letters`
        : undefined;
  if (problem === undefined) return;
  throw new RouterError({
    kind: 'invalid-request',
    message: `The request body ${problem}.`,
    parameter: duplicate ?? alike,
  });
}

interface KnownName {
  readonly written: Uint8Array;
  readonly name: string;
}

/** Longer ones are no names of models. */
const LONGEST_NAME = 128;
const PLACES = 64;
/** Names as they were written last, each at the place that its length and two of its bytes give: most requests name one of a few models. */
const known: (KnownName | undefined)[] = Array.from({ length: PLACES });

/** A model's name. It is compared with one that was read before: that takes a tenth of reading it again. */
function readName(body: RequestBytes, range: ByteRange): unknown {
  const written = bytesAt(body, range);
  const { length } = written;
  if (length > LONGEST_NAME) return readRange(body, range);
  const place = (length * 31 + (written[length - 2] ?? 0) * 7 + (written[length >> 1] ?? 0)) % PLACES;
  const before = known[place];
  if (before !== undefined && isSame(before.written, written)) return before.name;
  const name = readRange(body, range);
  if (typeof name === 'string') known[place] = { written: written.slice(), name };
  return name;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

const FLAGS = [
  { written: new TextEncoder().encode('true'), value: true },
  { written: new TextEncoder().encode('false'), value: false },
];

function readFlag(body: RequestBytes, range: ByteRange): unknown {
  const written = bytesAt(body, range);
  for (const { written: flag, value } of FLAGS) if (isSame(flag, written)) return value;
  return readRange(body, range);
}
