import {
  AllCandidatesFailed,
  type Attempt,
  type Caller,
  ProviderError,
  RouterError,
  UnansweredRequest,
} from '@signalbox/core';
import type { ForwardResult } from '@signalbox/router';

/** What became of one request: for logs and metrics. Holds no prompt, no answer, no key and no provider's words. */
export interface RequestRecord {
  /** What the caller was told as `x-request-id`. */
  readonly id: string;
  /** The API that was called: `anthropic-messages`, `openai-chat`, `embeddings`, ... */
  readonly api: string;
  readonly status: number;
  /** `broken`: the answer had begun and could not be completed; `aborted`: the caller gave up; `refused`: it was an error, or a hook did not let the rest of it through. */
  readonly outcome: 'complete' | 'broken' | 'aborted' | 'refused';
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** The caller's place in a trace (W3C Trace Context), as it was sent. */
  readonly traceparent?: string | undefined;
  /** Milliseconds from the request's head to the answer's last byte. */
  readonly durationMs: number;
  /** Absent where the request was refused before it was known. */
  readonly caller?: Caller | undefined;
  readonly requestedModel?: string | undefined;
  readonly strategy?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly lane?: string | undefined;
  readonly attempts: readonly Attempt[];
  /** The kind of what went wrong: where calls to providers failed, that of the last one. */
  readonly error?: string | undefined;
}

/** Follows one request to its end. */
export interface RequestWatch {
  /** What is known of it as soon as its head is read. */
  known(about: { readonly caller: Caller; readonly requestedModel: string | undefined }): void;
  /** The answer has been sent to its end. */
  answered(result: ForwardResult): void;
  /** An answer that did not go through `forward`: vectors, a count, a kept answer. */
  ended(about: EndedRequest): void;
  failed(error: unknown, id: string, status: number): void;
}

type EndedRequest = Pick<RequestRecord, 'id' | 'provider' | 'model' | 'strategy'> &
  Partial<Pick<RequestRecord, 'attempts' | 'status'>>;

/** Whatever happens to it, one record is given out. `onRequest` must not throw. */
export function watchRequest(
  api: string,
  traceparent: string | undefined,
  onRequest: (record: RequestRecord) => void,
): RequestWatch {
  return new WatchedRequest(api, traceparent, onRequest);
}

type Rest = Omit<RequestRecord, 'api' | 'startedAt' | 'traceparent' | 'durationMs' | 'caller' | 'requestedModel'>;

/** A class: a request is watched for as long as its answer takes, and would hold a closure for each of these. */
class WatchedRequest implements RequestWatch {
  readonly #api: string;
  readonly #traceparent: string | undefined;
  readonly #onRequest: (record: RequestRecord) => void;
  readonly #startedAt = Date.now();
  readonly #started = performance.now();
  #about: Parameters<RequestWatch['known']>[0] | undefined;

  constructor(api: string, traceparent: string | undefined, onRequest: (record: RequestRecord) => void) {
    this.#api = api;
    this.#traceparent = traceparent;
    this.#onRequest = onRequest;
  }

  known(about: Parameters<RequestWatch['known']>[0]): void {
    this.#about = about;
  }

  answered({ decision, candidate, attempts, lane, stopped }: ForwardResult): void {
    const { strategy, id } = decision;
    const { model, provider } = candidate;
    const stop = stopped?.();
    const outcome = stop === undefined ? outcomeOf(attempts) : stop.kind === 'internal' ? 'broken' : 'refused';
    const error = stop?.kind ?? (outcome === 'complete' ? undefined : attempts.at(-1)?.error?.kind);
    this.#record({ id, status: 200, outcome, strategy, provider: provider.id, model, lane, attempts, error });
  }

  ended({ status = 200, attempts = [], ...about }: EndedRequest): void {
    this.#record({ ...about, status, outcome: 'complete', attempts });
  }

  failed(error: unknown, id: string, status: number): void {
    const outcome = RouterError.is(error) && error.kind === 'aborted' ? 'aborted' : 'refused';
    const tried = AllCandidatesFailed.is(error) || UnansweredRequest.is(error) ? error : undefined;
    const { attempts = [], decision } = tried ?? {};
    this.#record({ id, status, outcome, strategy: decision?.strategy, attempts, error: kindOf(error) });
  }

  #record({ id, status, outcome, strategy, provider, model, lane, attempts, error }: Rest): void {
    this.#onRequest({
      id,
      api: this.#api,
      status,
      outcome,
      startedAt: this.#startedAt,
      traceparent: this.#traceparent,
      durationMs: Math.round(performance.now() - this.#started),
      caller: this.#about?.caller,
      requestedModel: this.#about?.requestedModel,
      strategy,
      provider,
      model,
      lane,
      attempts,
      error,
    });
  }
}

function kindOf(error: unknown): string {
  if (AllCandidatesFailed.is(error)) return error.last.kind;
  return RouterError.is(error) || ProviderError.is(error) ? error.kind : 'internal';
}

/** An answer is whole where an attempt brought it to its end; hedges that lost don't count. */
function outcomeOf(attempts: readonly Attempt[]): RequestRecord['outcome'] {
  if (attempts.some((attempt) => attempt.outcome === 'success')) return 'complete';
  return attempts.at(-1)?.outcome === 'aborted' ? 'aborted' : 'broken';
}
