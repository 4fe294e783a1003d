import { type ModelResponse, responseEvents, type StreamEvent } from '@signalbox/core';

/** Characters of one delta, roughly: what a provider sends at once is about this long. */
const PIECE = 24;
/** Events that are handed on at once. */
const BATCH = 16;

/**
 * A kept answer as the batches of a stream, its texts in pieces: callers that show an answer as it comes, or expect it not to come in one event, have
 * what they are used to.
 */
export function* replayEvents(response: ModelResponse): Generator<readonly StreamEvent[], void> {
  let batch: StreamEvent[] = [];
  for (const event of responseEvents(response)) {
    for (const piece of inPieces(event)) {
      batch.push(piece);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function* inPieces(event: StreamEvent): Generator<StreamEvent> {
  if (event.type === 'text-delta' || event.type === 'reasoning-delta') {
    for (const text of pieces(event.text)) yield { ...event, text };
  } else if (event.type === 'tool-call-delta') {
    for (const piece of pieces(event.arguments)) yield { ...event, arguments: piece };
  } else yield event;
}

/** A text in pieces that end behind a space where there is one; at least one piece. */
function* pieces(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > PIECE) {
    const space = text.lastIndexOf(' ', from + PIECE);
    let to = space > from ? space + 1 : from + PIECE;
    // Never between the halves of a character.
    if ((text.codePointAt(to - 1) ?? 0) > 0xff_ff) to += 1;
    yield text.slice(from, to);
    from = to;
  }
  yield text.slice(from);
}
