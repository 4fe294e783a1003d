import type { Candidate, Inbound, StreamEncoder, TranslationNote } from '@signalbox/core';
import type { BrokenAnswer, Lane, LaneBatch } from '../lanes/lane.ts';
import { AnswerReader } from './answer-reader.ts';
import { type AttemptContext, RunningAttempt } from './running-attempt.ts';

/** An answer whose first content is there: from here on a failure can't be hidden from the caller. */
export interface OpenAnswer<Value> {
  /** What could not be carried over into the provider's format as it was. */
  readonly notes: readonly TranslationNote[];
  readonly lane: Lane<Value>['name'];
  /** What writes the caller's stream, where it is written anew. */
  encoder(): StreamEncoder | undefined;
  /** What the caller has of it, where an answer that broke off could be continued. */
  brokenAnswer(): BrokenAnswer | undefined;
  /** The one value of an answer that is there already as a whole, and settled. */
  readonly whole?: Value | undefined;
  /** The answer's values. To be read once; giving up early aborts the call. Throws ProviderError. */
  values(): AsyncIterableIterator<Value, undefined>;
}

/**
 * Makes one call and waits for its first content. Throws ProviderError when the call fails before that; either way the
 * attempt is settled and booked exactly once, when it is over.
 */
export function runAttempt<Value>(
  candidate: Candidate,
  lane: Lane<Value>,
  context: AttemptContext,
): Promise<OpenAnswer<Value>> {
  const attempt = new RunningAttempt(candidate, lane, context);
  return answersWhole(lane) ? openWhole(lane, attempt) : openStream(lane, attempt, context.inbound);
}

type WholeLane<Value> = Lane<Value> & Required<Pick<Lane<Value>, 'whole'>>;

function answersWhole<Value>(lane: Lane<Value>): lane is WholeLane<Value> {
  return lane.whole !== undefined;
}

/** Waits for all of the answer: the attempt is over then. */
async function openWhole<Value>(lane: WholeLane<Value>, attempt: RunningAttempt<Value>): Promise<OpenAnswer<Value>> {
  let value: Value;
  try {
    value = await lane.whole(attempt.call());
    attempt.contentCame();
  } catch (error) {
    attempt.fail(error);
  }
  attempt.complete();
  return {
    notes: attempt.progress?.notes ?? [],
    lane: lane.name,
    encoder: () => attempt.progress?.encoder,
    brokenAnswer: () => undefined,
    whole: value,
    values: () => once(value),
  };
}

/** Reads a stream up to its first content, and holds what came until then. */
async function openStream<Value>(
  lane: Lane<Value>,
  attempt: RunningAttempt<Value>,
  inbound: Inbound,
): Promise<OpenAnswer<Value>> {
  const held: Value[] = [];
  let batches: AsyncIterableIterator<LaneBatch<Value>, void>;
  try {
    batches = lane.open(attempt.call());
    for (;;) {
      const { done, value: batch } = await batches.next();
      if (done === true) {
        attempt.complete();
        break;
      }
      attempt.came(batch);
      held.push(batch.value);
      if (batch.content) break;
      // An answer in the background is there as soon as it has an id: its content may be long in coming, and nobody else is to make it a second time.
      if (inbound.head.background !== true || attempt.progress?.id === undefined) continue;
      attempt.rememberBegun();
      break;
    }
  } catch (error) {
    attempt.fail(error);
  }
  return {
    notes: attempt.progress?.notes ?? [],
    lane: lane.name,
    encoder: () => attempt.progress?.encoder,
    brokenAnswer: () => attempt.progress?.brokenAnswer?.(),
    values: () => new AnswerReader(held, batches, attempt),
  };
}

async function* once<Value>(value: Value): AsyncGenerator<Value, undefined> {
  yield value;
}
