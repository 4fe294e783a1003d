import {
  type AnswerSoFar,
  asObject,
  type Cancellation,
  type Candidate,
  decodeUtf8,
  type Finish,
  type Inbound,
  type JsonObject,
  type Needs,
  notOfAnApi,
  ProviderError,
  parseJson,
  type StreamEncoder,
  type TranslationNote,
  type Usage,
  type Vault,
  type WireCall,
  type WireHeaders,
  type WireReply,
} from '@signalbox/core';
import { credentialsFor } from '../caller/caller-credentials.ts';
import type { AnswerKeeper } from './answer-keeper.ts';

/** What is known of an attempt while it runs; a lane writes, the runner reads. */
export interface Progress {
  /** The provider's id of the answer. */
  id?: string | undefined;
  /** Names of what else it gives out, where its caller can bring them back. */
  issued?: readonly string[] | undefined;
  usage?: Usage | undefined;
  finish?: Finish | undefined;
  /** The model that answers, as the provider names it. */
  answeredBy?: string | undefined;
  readonly notes: readonly TranslationNote[];
  /** What writes the caller's stream, where it is written anew. */
  encoder?: StreamEncoder | undefined;
  /** The output so far: for the books when no usage comes. */
  readonly outputText: () => string;
  /** Its tokens, estimated, where that takes less than putting the text together: asked time and again while a stream grows. */
  readonly outputTokens?: (() => number) | undefined;
  /** What the caller has of a stream that can be continued; undefined where it holds more than text and calls. */
  readonly brokenAnswer?: (() => BrokenAnswer | undefined) | undefined;
}

/** What a caller has when an answer breaks off. */
export interface BrokenAnswer extends Omit<AnswerSoFar, 'argumentsLength' | 'others' | 'plain' | 'outputTokens'> {
  /** The provider's id of the answer. */
  readonly id?: string | undefined;
  /** What an encoder must know to go on with the stream, where it did not write it. */
  readonly place?: JsonObject | undefined;
}

/** One call, as a lane gets it. */
export interface LaneCall {
  readonly candidate: Candidate;
  readonly inbound: Inbound;
  readonly cancellation: Cancellation;
  /** The name of the provider's key to use. */
  readonly key: string | undefined;
  /** The head of the provider's answer is there. */
  readonly answered: (headers: WireHeaders) => void;
  /** What the request needs, where that was measured for the decision. */
  readonly needs: Needs | undefined;
  /** The limit that a reservation puts on the output, in tokens. */
  readonly maxOutputTokens: number | undefined;
  /** Keeps reasoning state for callers who can't; absent: nothing is kept. */
  readonly vault: Vault | undefined;
  readonly tenant: string;
  /** Reads along, where a complete answer is to be kept. */
  readonly keeper: AnswerKeeper | undefined;
  /** An encoder for the caller's stream. */
  readonly createEncoder: () => StreamEncoder;
  /** Called once, as soon as the request is on its way. */
  readonly begin: (progress: Progress) => void;
}

/** Something to hand to the caller, and whether it brings content: the point up to which a failure can be hidden. */
export interface LaneBatch<Value> {
  readonly value: Value;
  readonly content: boolean;
  /** Content came although there is nothing to hand on yet. */
  readonly progress?: boolean | undefined;
}

/**
 * A way to make one call and to carry its answer. Ends normally only when the answer is complete; throws ProviderError
 * otherwise.
 */
export interface Lane<Value> {
  readonly name: 'bytes' | 'canonical';
  open(call: LaneCall): AsyncIterableIterator<LaneBatch<Value>, void>;
  /** The same for an answer that comes as a whole: the one value that `open` would give. Absent: `open` is read. */
  whole?(call: LaneCall): Promise<Value>;
}

/** A call as a provider gets it. A class: an object with a getter in it, made by copying members, takes ten times as long. */
class OneCall implements WireCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: WireCall['body'];
  readonly stream: boolean;
  readonly key: string | undefined;
  readonly credentials: Readonly<Record<string, string>> | undefined;
  readonly cancellation: Cancellation;

  constructor(
    { path, headers, body, stream }: Pick<WireCall, 'path' | 'headers' | 'body' | 'stream'>,
    { candidate, inbound, cancellation, key }: LaneCall,
  ) {
    this.path = path;
    this.headers = headers;
    this.body = body;
    this.stream = stream;
    this.key = key;
    this.credentials = credentialsFor(candidate, inbound);
    this.cancellation = cancellation;
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }
}

/** Makes the call. Throws the provider's error where the reply is one. */
export async function callProvider(
  lane: LaneCall,
  call: Pick<WireCall, 'path' | 'headers' | 'body' | 'stream'>,
): Promise<WireReply> {
  const { candidate, answered } = lane;
  const reply = await candidate.provider.send(new OneCall(call, lane));
  answered(reply.headers);
  if (reply.status >= 200 && reply.status < 300 && reply.status !== 204) return reply;
  throw await replyError(reply, candidate, reply.status);
}

/** Reads a reply that is not an answer and classifies it. */
async function replyError(reply: WireReply, candidate: Candidate, status: number): Promise<ProviderError> {
  const text = decodeUtf8(await reply.bytes());
  const { provider } = candidate;
  const error = provider.format.client.decodeError(status, reply.headers, parseJson(text) ?? text);
  return new ProviderError({
    ...error,
    message: notOfAnApi(reply, text, provider.id) ?? error.message,
    provider: provider.id,
    status,
  });
}

/** What a reply to a streaming call turned out to be. */
export type StreamReply = 'stream' | 'whole';

/**
 * Checks a good status before anything is promised to the caller: a portal's HTML page is no answer, an error in a 200 is
 * an error, and some endpoints answer whole although a stream was asked for.
 */
export function streamReply(reply: WireReply, candidate: Candidate): StreamReply {
  const type = (reply.headers['content-type'] ?? '').toLowerCase();
  if (type.includes('event-stream') || type.includes('ndjson') || type === '') return 'stream';
  if (type.includes('json')) return candidate.provider.format.streamFraming === 'ndjson' ? 'stream' : 'whole';
  reply.discard();
  throw new ProviderError({
    kind: 'invalid-response',
    provider: candidate.provider.id,
    status: reply.status,
    message: `${candidate.provider.id} answered with ${type.split(';')[0]} where a stream was due: is the endpoint right?`,
  });
}

/** The parsed body of a whole answer. An error in a good status is thrown as if its status had said so. */
export async function readAnswer(
  reply: WireReply,
  candidate: Candidate,
): Promise<{ readonly raw: Uint8Array; readonly body: unknown }> {
  const raw = await reply.bytes();
  const body = parseJson(decodeUtf8(raw));
  const { provider } = candidate;
  if (asObject(body)?.error !== undefined && asObject(body)?.error !== null) {
    throw new ProviderError({
      ...provider.format.client.decodeError(502, reply.headers, body),
      provider: provider.id,
      status: reply.status,
    });
  }
  if (body === undefined) {
    throw new ProviderError({
      kind: 'invalid-response',
      provider: provider.id,
      status: reply.status,
      message: `${provider.id} answered with something that is not JSON: is the endpoint right?`,
    });
  }
  return { raw, body };
}
