import type { ReasoningDeltaEvent, StreamEvent, TextDeltaEvent, ToolCallDeltaEvent } from './stream-event.ts';
import { createTextTemplate } from './text-template.ts';
import type { JoinedFrames, StreamDecoder } from './wire-format.ts';
import type { WireFrame } from './wire-frame.ts';

/** An event that brings another piece of something that grows. */
export type PieceEvent = TextDeltaEvent | ReasoningDeltaEvent | ToolCallDeltaEvent;

interface JoinedPieces extends JoinedFrames {
  readonly event: PieceEvent;
}

/** Which frames a format repeats but for their text. */
export interface RepeatedFrames {
  /** Fields whose values may be others each time. */
  readonly varying?: readonly string[] | undefined;
  /** The one of them that numbers the frames. */
  readonly counted?: string | undefined;
  /** What stands in the frames that bring pieces, where others may bring a text and mean more by it (that a part begins, or is whole). */
  readonly only?: string | undefined;
  /** Each frame brings the usage so far as well: only the last one's counts, and that one is parsed. */
  readonly withUsage?: boolean | undefined;
}

/** Reads frames that are like the one before but for their text. Made per stream. */
export interface FrameRepeater {
  /** The next piece of the part that the frame before belongs to; undefined for a frame that has to be parsed. Its text may be empty. */
  next(frame: WireFrame): PieceEvent | undefined;
  /** The next pieces, of `most` frames from a place on, as one; undefined where that frame has to be parsed, or its text is empty. */
  joined(frames: readonly WireFrame[], from: number, most: number): JoinedPieces | undefined;
  /** The number (`counted`) of the frame that `next` read last. */
  count(): number | undefined;
  /** Takes a frame that was parsed, and the events that it brought. */
  learn(frame: WireFrame, events: readonly StreamEvent[]): void;
}

/** Starts without a pattern: the first frame has to be parsed. Whatever is parsed ends a repetition. */
export function createFrameRepeater({ varying, counted, only, withUsage }: RepeatedFrames = {}): FrameRepeater {
  const template = createTextTemplate(varying, counted);
  let last: PieceEvent | undefined;
  let event: string | undefined;
  const textOf = (frame: WireFrame) => (frame.event === event ? template.match(frame.data) : undefined);
  return {
    next(frame) {
      if (last === undefined) return undefined;
      const text = textOf(frame);
      return text === undefined ? undefined : anotherPiece(last, text);
    },
    joined(frames, from, most) {
      if (last === undefined) return undefined;
      const until = Math.min(frames.length, from + most);
      let text = '';
      let at = from;
      while (at < until) {
        const more = textOf(frames[at] as WireFrame);
        if (more === undefined || more === '') break;
        text += more;
        at += 1;
      }
      return at === from ? undefined : { event: anotherPiece(last, text), count: at - from };
    },
    count: () => template.count(),
    learn(frame, events) {
      const piece = onlyPiece(events, withUsage ?? false);
      const repeats =
        piece !== undefined && pieceText(piece) !== '' && (only === undefined || frame.data.includes(only));
      last = repeats ? piece : undefined;
      if (last === undefined) return;
      event = frame.event;
      template.learn(frame.data, pieceText(last));
    },
  };
}

/**
 * A decoder that parses only what it has to: a frame that is like the one before but for its text gives another piece of the same part at once.
 * A decoder that keeps an account of the pieces itself has `grow`, and is told of those that it did not see.
 */
export function withFrameRepeater(
  decoder: StreamDecoder & { grow?(piece: PieceEvent): void },
  frames: RepeatedFrames = {},
): StreamDecoder {
  const repeater = createFrameRepeater(frames);
  return {
    decode(frame) {
      const piece = repeater.next(frame);
      if (piece !== undefined) {
        if (pieceText(piece) === '') return NOTHING;
        decoder.grow?.(piece);
        return [piece];
      }
      const events = decoder.decode(frame);
      repeater.learn(frame, events);
      return events;
    },
    joined(frames, from, most) {
      const some = repeater.joined(frames, from, most);
      if (some !== undefined) decoder.grow?.(some.event);
      return some;
    },
    end: () => decoder.end(),
  };
}

const NOTHING: readonly StreamEvent[] = [];

/** The piece that events bring, where they bring nothing else that counts. */
function onlyPiece(events: readonly StreamEvent[], withUsage: boolean): PieceEvent | undefined {
  const [first, second] = events;
  const alone = events.length === 1 || (withUsage && events.length === 2 && second?.type === 'usage-update');
  if (!alone || first === undefined) return undefined;
  switch (first.type) {
    case 'text-delta':
      return first.refusal === true ? undefined : first;
    case 'reasoning-delta':
    case 'tool-call-delta':
      return first;
    default:
      return undefined;
  }
}

/** The text of a piece. */
export function pieceText(event: PieceEvent): string {
  return event.type === 'tool-call-delta' ? event.arguments : event.text;
}

function anotherPiece({ type, index }: PieceEvent, text: string): PieceEvent {
  if (type === 'text-delta') return { type, index, text };
  return type === 'reasoning-delta' ? { type, index, text } : { type, index, arguments: text };
}
