import {
  type Caller,
  type Candidate,
  createCancellation,
  decodeUtf8,
  encodeUtf8,
  type Provider,
  ProviderError,
  parseJson,
  RouterError,
  type ServerContext,
  type WireFormat,
  type WireReply,
} from '@signalbox/core';
import { onCallerAbort } from '../attempts/caller-abort.ts';
import { callerOf } from '../caller/caller-of.ts';
import { forwardedHeaders } from '../caller/forwarded-headers.ts';
import { mayReach } from '../caller/owner-of.ts';
import type { Engine } from '../engine.ts';
import type { KeptCall, KeptResult } from '../router.ts';
import { bookRest } from './background-answer.ts';
import type { Holder, Holders } from './holders.ts';
import { holdersKey, isKeyGone } from './holders-key.ts';

/** Milliseconds until the head of an answer. */
const HEAD_MS = 60_000;
/** Milliseconds of silence in a stream: an answer that waits for its turn says nothing for a long time. */
const SILENCE_MS = 600_000;
/** The question itself is wrong, or what it asks for is gone: for the caller to read as the provider says it. */
const CALLERS_MATTER: ReadonlySet<number> = new Set([400, 404, 409, 410, 422]);

interface Keeper {
  readonly provider: Provider;
  readonly key: string | undefined;
  /** Whether the key that the answer was made with is no longer there: another one of the same account may reach it. */
  readonly keyIsGone?: boolean;
}

/**
 * Asks the provider that keeps an answer, with the key that it was made with. Throws RouterError `not-found` where nobody here is known to keep it for this caller, `unsupported` where
 * nobody keeps any; ProviderError where the provider can't be asked.
 */
export async function askKept(engine: Engine, call: KeptCall): Promise<KeptResult> {
  const { holders, clock, options } = engine;
  const { format, question, signal } = call;
  const { provider, key, keyIsGone = false } = keeperOf(engine, call);
  const cancellation = createCancellation();
  const forget = onCallerAbort(signal, () =>
    cancellation.abort(
      new ProviderError({ kind: 'aborted', provider: provider.id, message: 'The caller gave the request up.' }),
    ),
  );
  let cancelWait: () => void = () => undefined;
  const wait = (milliseconds: number) => {
    cancelWait();
    cancelWait = clock.after(milliseconds, () => {
      const message = `${provider.id}: nothing came within ${milliseconds / 1_000} s.`;
      cancellation.abort(new ProviderError({ kind: 'timeout', provider: provider.id, message }));
    });
  };
  const over = () => {
    cancelWait();
    forget();
  };

  /** An answer that has ended has nothing due any more. */
  function noteEnd(body: unknown): void {
    if (holders.of(question.id)?.due === undefined) return;
    const ending = format.keptAnswers?.ending(body);
    const due = ending && holders.takeDue(question.id);
    if (due === undefined || ending === undefined) return;
    bookRest(due, ending, {
      candidates: engine.candidates,
      admission: options.admission,
      ledger: options.ledger,
      pricing: options.pricing,
      now: () => clock.now(),
    });
  }

  try {
    wait(HEAD_MS);
    const reply = await provider.send({
      method: question.method,
      path: question.path,
      headers: forwardedHeaders(call.headers),
      body: '',
      stream: question.stream,
      key,
      credentials: provider.callerCredentials === true ? call.credentials : undefined,
      signal: cancellation.signal,
      cancellation,
    });
    const contentType = reply.headers['content-type'] ?? 'application/json';
    const { status } = reply;
    if (question.stream && status === 200 && contentType.includes('event-stream')) {
      const body = passOn(reply, {
        format,
        createId: engine.createId,
        now: () => clock.now(),
        noteEnd,
        heard: () => wait(SILENCE_MS),
        over,
      });
      return { provider: provider.id, status, contentType, body };
    }
    const bytes = await reply.bytes();
    over();
    const body = parseJson(decodeUtf8(bytes));
    if (body === undefined || (status >= 300 && !CALLERS_MATTER.has(status))) {
      throw new ProviderError({
        ...format.client.decodeError(status, reply.headers, body ?? decodeUtf8(bytes)),
        provider: provider.id,
        status,
      });
    }
    if (status === 404 && keyIsGone) {
      throw notFound(question.id, `it was made with a key of ${provider.id} that is not in the configuration any more`);
    }
    if (status < 300) {
      if (question.readsAnswer) noteEnd(body);
      if (question.method === 'DELETE') holders.forget(question.id);
    }
    return { provider: provider.id, status, contentType, body: bytes };
  } catch (error) {
    over();
    throw error;
  }
}

/** Who is asked. What nobody here knows is looked for where it alone can be, if whoever asks may ask for everything. */
function keeperOf({ holders, candidates, local, options }: Engine, call: KeptCall): Keeper {
  const { format, question } = call;
  const caller = callerOf(call.caller, local);
  const speak = providersOf(candidates, format).filter((one) => options.localOnly !== true || one.local);
  if (speak.length === 0) {
    throw new RouterError({
      kind: 'unsupported',
      message: `No provider that is configured here keeps responses: ${question.id} can be had from nobody.`,
    });
  }
  const holder = reachable(caller, question.id, holders);
  if (holder !== undefined && holder !== 'not theirs') {
    const provider = speak.find(({ id }) => id === holder.provider);
    if (provider === undefined)
      throw notFound(question.id, `${holder.provider} keeps it, which is no provider here any more, or has no key`);
    return { provider, key: holdersKey(provider, holder), keyIsGone: isKeyGone(provider, holder) };
  }
  const [only, second] = speak;
  const isOpen = mayReach(caller, NOBODY);
  if (holder === undefined && isOpen && only !== undefined && second === undefined && (only.keys?.length ?? 1) === 1) {
    return { provider: only, key: undefined };
  }
  throw notFound(
    question.id,
    isOpen
      ? 'it was made past this gateway, too long ago, or by a model of a provider that keeps none'
      : 'no response that is kept is known to have been made with this key under that id',
  );
}

/** Who keeps an answer, if whoever asks may have it. Somebody else may have been given the same meanwhile, in another process. */
function reachable(caller: Caller, id: string, holders: Holders): Holder | 'not theirs' | undefined {
  const holder = holders.of(id);
  if (holder === undefined || mayReach(caller, holder.owners)) return holder;
  const anew = holders.anew(id);
  return anew !== undefined && mayReach(caller, anew.owners) ? anew : 'not theirs';
}

function notFound(id: string, why: string): RouterError {
  return new RouterError({
    kind: 'not-found',
    message: `Response with id '${id}' not found: ${why}.`,
    parameter: 'response_id',
  });
}

const NOBODY: ReadonlySet<string> = new Set();

function providersOf(candidates: readonly Candidate[], format: WireFormat): readonly Provider[] {
  const speaks = ({ format: first, alsoSpeaks = [] }: Provider) =>
    [first, ...alsoSpeaks].some(({ id }) => id === format.id);
  return [...new Set(candidates.map(({ provider }) => provider))].filter(speaks);
}

interface Passage extends Pick<ServerContext, 'createId' | 'now'> {
  readonly format: WireFormat;
  noteEnd(body: unknown): void;
  heard(): void;
  over(): void;
}

/** A stream as it comes; what ends the answer is read along the way. */
async function* passOn(
  reply: WireReply,
  { format, createId, now, noteEnd, heard, over }: Passage,
): AsyncGenerator<Uint8Array, void> {
  try {
    heard();
    for await (const frames of reply.frames()) {
      heard();
      for (const { data } of frames) if (data.includes('"response"')) noteEnd(parseJson(data));
      yield frames.length === 1 && frames[0] !== undefined
        ? frames[0].raw
        : Buffer.concat(frames.map(({ raw }) => raw));
    }
  } catch (error) {
    if (!ProviderError.is(error)) throw error;
    const encoder = format.server.createStreamEncoder({ model: '', createId, now });
    if (error.kind !== 'aborted') yield encodeUtf8(encoder.error(error));
  } finally {
    over();
  }
}
