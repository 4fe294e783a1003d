import { AllCandidatesFailed, type Attempt, type Caller, ProviderError, RouterError } from '@signalbox/core';
import type { ForwardResult } from '@signalbox/router';

/** What became of one request: for logs and metrics. Holds no prompt, no answer, no key and no provider's words. */
export interface RequestRecord {
  /** What the caller was told as `x-request-id`. */
  readonly id: string;
  /** The API that was called: `anthropic-messages`, `openai-chat`, `embeddings`, ... */
  readonly api: string;
  readonly status: number;
  /** `broken`: the answer had begun and could not be completed; `aborted`: the caller gave up. */
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
  /** The kind of the error that the caller got. */
  readonly error?: string | undefined;
}

/** Follows one request to its end. */
export interface RequestWatch {
  /** What is known of it as soon as its head is read. */
  known(about: { readonly caller: Caller; readonly requestedModel: string | undefined }): void;
  /** The answer has been sent to its end. */
  answered(result: ForwardResult): void;
  /** An answer that took no attempt of the engine's kind. */
  ended(about: {
    readonly id: string;
    readonly provider: string;
    readonly model?: string;
    readonly status?: number;
  }): void;
  failed(error: unknown, id: string, status: number): void;
}

/** Whatever happens to it, one record is given out. `onRequest` must not throw. */
export function watchRequest(
  api: string,
  traceparent: string | undefined,
  onRequest: (record: RequestRecord) => void,
): RequestWatch {
  const startedAt = Date.now();
  const started = performance.now();
  let about: Parameters<RequestWatch['known']>[0] | undefined;
  const record = ({
    id,
    status,
    outcome,
    strategy,
    provider,
    model,
    lane,
    attempts,
    error,
  }: Omit<RequestRecord, 'api' | 'startedAt' | 'traceparent' | 'durationMs' | 'caller' | 'requestedModel'>) =>
    onRequest({
      id,
      api,
      status,
      outcome,
      startedAt,
      traceparent,
      durationMs: Math.round(performance.now() - started),
      caller: about?.caller,
      requestedModel: about?.requestedModel,
      strategy,
      provider,
      model,
      lane,
      attempts,
      error,
    });

  return {
    known(found) {
      about = found;
    },
    answered({ decision, candidate, attempts, lane }) {
      const { strategy, id } = decision;
      const { model, provider } = candidate;
      const outcome = outcomeOf(attempts);
      record({ id, status: 200, outcome, strategy, provider: provider.id, model, lane, attempts });
    },
    ended: (rest) => record({ status: 200, outcome: 'complete', attempts: [], ...rest }),
    failed(error, id, status) {
      const aborted = RouterError.is(error) && error.kind === 'aborted';
      const attempts = AllCandidatesFailed.is(error) ? error.attempts : [];
      const kind = RouterError.is(error) || ProviderError.is(error) ? error.kind : 'internal';
      record({ id, status, outcome: aborted ? 'aborted' : 'refused', attempts, error: kind });
    },
  };
}

/** An answer is whole where an attempt brought it to its end; hedges that lost don't count. */
function outcomeOf(attempts: readonly Attempt[]): RequestRecord['outcome'] {
  if (attempts.some((attempt) => attempt.outcome === 'success')) return 'complete';
  return attempts.at(-1)?.outcome === 'aborted' ? 'aborted' : 'broken';
}
