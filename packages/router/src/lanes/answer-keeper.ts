import {
  type Attempt,
  type Candidate,
  createResponseFold,
  type KeptAnswer,
  type ModelResponse,
  ProviderError,
  parseJson,
  type Reservation,
  type StreamDecoder,
  type StreamEvent,
  type WireFrame,
} from '@signalbox/core';

/** Reads along with one attempt, so that its answer can be kept when it is complete. A lane tells it what passes. */
export interface AnswerKeeper {
  /** Frames of the provider's that were passed on without being decoded. */
  frames(frames: readonly WireFrame[]): void;
  events(events: readonly StreamEvent[]): void;
  /** A frame that made no event. */
  skipped(frame: WireFrame): void;
  response(response: ModelResponse): void;
  /** The attempt is over, and its answer complete. */
  complete(attempt: Attempt): void;
}

/** Gets the answer with its candidate, unless it is none to be given again. */
export type KeepAnswer = (candidate: Candidate, answer: KeptAnswer) => void;

/** Makes a keeper for an attempt. */
export type KeeperFor = (candidate: Candidate, reservation: Reservation | undefined) => AnswerKeeper;

/** The one thing in a stream that is no JSON and no fault (Chat Completions). */
const END_MARK = '[DONE]';

/** Makes keepers that hand complete answers to `keep`, and what can't be kept to nobody. */
export function createKeepers(keep: KeepAnswer): KeeperFor {
  return (candidate, reservation) => {
    const { client } = candidate.provider.format;
    const fold = createResponseFold();
    let decoder: StreamDecoder | undefined;
    let whole: ModelResponse | undefined;
    let unreadable = false;

    /** What the lane passes on and we can't read is the lane's answer all the same: it is only not kept. */
    function decode(read: (decoder: StreamDecoder) => void): void {
      if (unreadable) return;
      try {
        decoder ??= client.createStreamDecoder({ provider: candidate.provider.id });
        read(decoder);
      } catch (error) {
        if (!ProviderError.is(error)) throw error;
        unreadable = true;
      }
    }

    function folded(): ModelResponse | undefined {
      if (decoder !== undefined) decode((one) => add(one.end()));
      return fold.finished && !unreadable ? fold.response() : undefined;
    }

    /** Who reads the stream as it comes is better off without a garbled event; who gets it later should not have a gap in it. */
    function skipped({ data }: WireFrame): void {
      if (data !== '' && data.trim() !== END_MARK && parseJson(data) === undefined) unreadable = true;
    }

    function add(events: readonly StreamEvent[]): void {
      for (const event of events) fold.add(event);
    }

    return {
      frames: (frames) =>
        decode((one) => {
          for (const frame of frames) {
            const events = one.decode(frame);
            if (events.length === 0) skipped(frame);
            add(events);
          }
        }),
      events: add,
      skipped,
      response(response) {
        whole = response;
      },
      complete(attempt) {
        const response = whole ?? folded();
        // Cut by a limit that is ours, not the caller's: with more money left, the answer would be longer.
        const isCut = reservation?.maxOutputTokens !== undefined && response?.finish.reason === 'length';
        if (response === undefined || isCut) return;
        keep(candidate, {
          response,
          candidate: attempt.candidate,
          provider: attempt.provider,
          model: attempt.model,
          simulated: attempt.simulated,
          notes: attempt.notes,
          answeredAt: attempt.startedAt + attempt.durationMs,
          cost: attempt.cost,
        });
      },
    };
  };
}
