import type { ReasoningDeltaEvent, StreamEvent, TextDeltaEvent, ToolCallDeltaEvent } from '@signalbox/core';

/** Pieces that become one at most: an answer that came at once is still seen to be a stream. */
export const MOST_JOINED = 16;

type Delta = TextDeltaEvent | ReasoningDeltaEvent | ToolCallDeltaEvent;

/**
 * Events that came in one read, with neighbouring pieces of one part as one piece: the caller would get them in one write anyway, and each costs what its frame
 * costs. `sizes`: how many pieces an event is already, where it is more than one. Of several counts of usage the last is left, behind the pieces that it counts. The answer that they tell is the same.
 */
export function joinDeltas(
  events: readonly StreamEvent[],
  sizes: readonly (number | undefined)[] = [],
): readonly StreamEvent[] {
  if (events.length < 2) return events;
  const joined: StreamEvent[] = [];
  let open: Delta | undefined;
  let more = '';
  let pieces = 0;
  let usage: StreamEvent | undefined;
  const close = () => {
    if (open !== undefined) joined.push(more === '' ? open : withText(open, textOf(open) + more));
    if (usage !== undefined) joined.push(usage);
    open = undefined;
    more = '';
    usage = undefined;
  };
  for (const [place, event] of events.entries()) {
    const size = sizes[place] ?? 1;
    if (open !== undefined && pieces + size <= MOST_JOINED && goesOn(open, event)) {
      more += textOf(event as Delta);
      pieces += size;
      continue;
    }
    if (event.type === 'usage-update') {
      usage = event;
      continue;
    }
    close();
    pieces = size;
    if (isDelta(event)) open = event;
    else joined.push(event);
  }
  close();
  return joined;
}

function isDelta(event: StreamEvent): event is Delta {
  return event.type === 'text-delta' || event.type === 'reasoning-delta' || event.type === 'tool-call-delta';
}

function goesOn(open: Delta, event: StreamEvent): boolean {
  if (open.type !== event.type || open.index !== event.index) return false;
  return event.type !== 'text-delta' || (open as TextDeltaEvent).refusal === event.refusal;
}

const textOf = (delta: Delta): string => (delta.type === 'tool-call-delta' ? delta.arguments : delta.text);

function withText(delta: Delta, text: string): StreamEvent {
  return delta.type === 'tool-call-delta' ? { ...delta, arguments: text } : { ...delta, text };
}
