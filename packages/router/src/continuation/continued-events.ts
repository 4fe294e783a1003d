import type { Candidate, StreamEvent } from '@signalbox/core';
import { ProviderError } from '@signalbox/core';
import { type ArgumentsText, createArgumentsText } from '../answers/arguments-text.ts';
import type { BrokenAnswer } from '../lanes/lane.ts';
import { createContinuationText } from './continuation-text.ts';

/** Turns the events of a second answer into those that go on behind the first. Made per attempt. */
export interface ContinuedEvents {
  /** Throws ProviderError `invalid-response` where the two don't fit together. */
  follow(event: StreamEvent): StreamEvent[];
}

interface RepeatedCall {
  readonly place: number;
  readonly text: ArgumentsText;
}

/**
 * What the caller has is swallowed: text to the letter, calls by their names and arguments. `given`: the text that the model was told to go on
 * from; undefined where it begins anew.
 */
export function createContinuedEvents(
  { text: sent, textIndex, reasoningIndex, calls }: BrokenAnswer,
  given: string | undefined,
  candidate: Candidate,
): ContinuedEvents {
  const join = createContinuationText(sent, given ?? sent.trimEnd(), given === undefined);
  const next = Math.max(-1, reasoningIndex ?? -1, textIndex ?? -1, ...calls.map((call) => call.index)) + 1;
  const repeated = new Map<number, RepeatedCall>();
  let textIsOver = false;

  function differs(): ProviderError {
    return new ProviderError({
      kind: 'invalid-response',
      provider: candidate.provider.id,
      message: `${candidate.id} does not go on from what was already sent.`,
    });
  }

  function textEvents(text: string | undefined): StreamEvent[] {
    if (text === undefined) throw differs();
    if (text === '') return [];
    // Text behind a call that was sent would stand in the wrong place.
    if (calls.length > 0) throw differs();
    return [{ type: 'text-delta', index: textIndex ?? 0, text }];
  }

  /** Whatever is held back of the text comes before anything else. */
  function endText(): StreamEvent[] {
    if (textIsOver) return [];
    textIsOver = true;
    return textEvents(join.end());
  }

  function startCall(event: Extract<StreamEvent, { type: 'tool-call-start' }>): StreamEvent[] {
    const due = endText();
    const place = repeated.size;
    const had = calls[place];
    if (had === undefined) {
      repeated.set(event.index, { place, text: createArgumentsText('', false) });
      return [...due, { ...event, index: next + event.index }];
    }
    if (had.name !== event.name || (had.kind ?? 'function') !== (event.kind ?? 'function')) throw differs();
    repeated.set(event.index, { place, text: createArgumentsText(had.arguments, had.kind !== 'custom') });
    return due;
  }

  function callDelta(event: Extract<StreamEvent, { type: 'tool-call-delta' }>): StreamEvent[] {
    const call = repeated.get(event.index);
    if (call === undefined) return [];
    const had = calls[call.place];
    const rest = call.text.push(event.arguments);
    // A call that others followed was whole: it has no rest.
    if (rest === undefined || (rest.trim() !== '' && call.place < calls.length - 1)) throw differs();
    return rest === '' || call.place < calls.length - 1
      ? []
      : [{ ...event, index: had?.index ?? next + event.index, arguments: rest }];
  }

  return {
    follow(event) {
      switch (event.type) {
        case 'text-delta':
          return textEvents(textIsOver && event.text !== '' ? undefined : join.push(event.text));
        case 'tool-call-start':
          return startCall(event);
        case 'tool-call-delta':
          return callDelta(event);
        case 'finish': {
          const due = endText();
          const again = [...repeated.values()].filter(({ place }) => place < calls.length);
          if (again.length < calls.length || again.some((call) => !call.text.caughtUp)) throw differs();
          return [...due, event];
        }
        case 'start':
          return [
            event,
            { type: 'answer-continued', candidate: candidate.id, model: event.model, afterCharacters: sent.length },
          ];
        default:
          // Second thoughts: not what the caller was in the middle of.
          return [];
      }
    },
  };
}
