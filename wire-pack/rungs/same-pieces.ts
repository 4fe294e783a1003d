import type { RecordedFormat } from '../recorded-format.ts';
import { decodeFrames, framesOf } from '../stream.ts';
import type { Answer } from './answer.ts';

const PIECES: readonly number[] = [1, 7, 4096];

/** (e) A stream that arrives in pieces of any size is the same stream: the same frames, bytes and all, and the same events. */
export function samePieces(answer: Answer, { format }: RecordedFormat, provider: string): readonly string[] {
  const { stream } = answer;
  if (stream === undefined) return [];
  const wholeBytes = new TextEncoder().encode(stream.text).length;
  const events = JSON.stringify(stream.events);
  return PIECES.flatMap((size) => {
    const frames = framesOf(format, stream.text, size);
    const bytes = frames.reduce((sum, frame) => sum + frame.raw.length, 0);
    if (bytes !== wholeBytes) return [`in pieces of ${size}: ${wholeBytes} bytes became ${bytes}`];
    const decoded = decodeFrames(format, frames, provider);
    if (decoded.error?.message !== stream.error?.message) return [`in pieces of ${size}: another error ends it`];
    return JSON.stringify(decoded.events) === events ? [] : [`in pieces of ${size}: the events differ`];
  });
}
