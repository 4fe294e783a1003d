import type { StreamEvent } from './stream-event.ts';
import type { StreamDecoder } from './wire-format.ts';

/** Reads the text out of events that differ in nothing else that counts, without parsing them. Made per stream. */
export interface TextTemplate {
  /** The text of an event that is like the one last learned, undefined for any other. */
  match(data: string): string | undefined;
  /** Takes an event as the pattern, whose one text was found by parsing it. */
  learn(data: string, text: string): void;
  /** Forgets the pattern: something came after which the same event would mean something else. */
  reset(): void;
}

/** A piece of an event: characters as they stand, or the value of a field that may be another each time. */
type Segment = string | 'number' | 'string';
interface Pattern {
  readonly before: readonly Segment[];
  readonly behind: readonly Segment[];
}

/** Patterns learned in a row without a match after which no more are: each event differs in something else too. */
const FRUITLESS = 16;

const HOLES: ReadonlySet<Segment> = new Set<Segment>(['number', 'string']);

/**
 * Most events of a stream are the same but for one piece of text, and for fields such as a sequence number, which are named by `varying` and
 * whose values are passed over. The pattern is taken from an event that was parsed; another that fits it holds its text in the same place.
 * Anything else (another field, another kind of value) is left to the parser: a match is always what JSON.parse would have given.
 */
export function createTextTemplate(varying: readonly string[] = []): TextTemplate {
  let pattern: Pattern | undefined;
  let fruitless = 0;
  return {
    match(data) {
      if (pattern === undefined) return undefined;
      const start = walk(data, 0, pattern.before);
      if (start === -1) return undefined;
      const end = endOfString(data, start);
      if (end === -1 || walk(data, end, pattern.behind) !== data.length) return undefined;
      fruitless = 0;
      const text = data.slice(start, end);
      if (!text.includes('\\')) return text;
      try {
        return JSON.parse(`"${text}"`) as string;
      } catch {
        return undefined;
      }
    },
    reset() {
      pattern = undefined;
    },
    learn(data, text) {
      pattern = undefined;
      fruitless += 1;
      // Too short a text could stand anywhere; the same text twice could be the other one.
      if (fruitless > FRUITLESS || text.length < 2) return;
      const literal = JSON.stringify(text);
      const at = data.indexOf(literal);
      if (at === -1 || data.indexOf(literal, at + 1) !== -1) return;
      pattern = {
        before: segmentsOf(data.slice(0, at + 1), varying),
        behind: segmentsOf(data.slice(at + literal.length - 1), varying),
      };
    },
  };
}

/** The position behind the segments, or -1 where they don't fit. */
function walk(data: string, from: number, segments: readonly Segment[]): number {
  let position = from;
  for (const segment of segments) {
    if (segment === 'number') {
      const start = position;
      while (isDigit(data.charCodeAt(position))) position += 1;
      if (position === start) return -1;
    } else if (segment === 'string') {
      position = data.indexOf('"', position);
      if (position === -1) return -1;
    } else {
      if (!data.startsWith(segment, position)) return -1;
      position += segment.length;
    }
  }
  return position;
}

/** The position of the quote that ends a string whose inside begins at `from`; -1 where there is none. */
function endOfString(data: string, from: number): number {
  for (let quote = data.indexOf('"', from); quote !== -1; quote = data.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (quote - 1 - escapes >= from && data.charCodeAt(quote - 1 - escapes) === 0x5c) escapes += 1;
    if (escapes % 2 === 0) return quote;
  }
  return -1;
}

function segmentsOf(part: string, varying: readonly string[]): readonly Segment[] {
  const holes = varying
    .map((name) => {
      const at = part.indexOf(`"${name}":`);
      return at === -1 ? -1 : at + name.length + 3;
    })
    .filter((at) => at !== -1)
    .sort((one, other) => one - other);
  const segments: Segment[] = [];
  let from = 0;
  for (const hole of holes) {
    const isText = part[hole] === '"';
    const start = isText ? hole + 1 : hole;
    const end = isText ? part.indexOf('"', start) : endOfDigits(part, start);
    if (end === -1 || (!isText && end === start) || start < from) continue;
    segments.push(part.slice(from, start), isText ? 'string' : 'number');
    from = end;
  }
  segments.push(part.slice(from));
  // A literal that reads like a hole's name can't be told from one; no event is made of that word alone.
  return segments.some((segment, place) => HOLES.has(segment) && place % 2 === 0) ? [part] : segments;
}

function endOfDigits(text: string, from: number): number {
  let position = from;
  while (isDigit(text.charCodeAt(position))) position += 1;
  return position;
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

/** Which events a decoder's format repeats but for their text. */
export interface RepeatedEvents {
  /** Fields whose values may be others each time. */
  readonly varying?: readonly string[] | undefined;
  /** Each event brings the usage so far as well: only the last one's counts, and that one is parsed. */
  readonly withUsage?: boolean | undefined;
}

/**
 * A decoder that parses only what it has to: an event that is like the last one but for its text gives a text delta at once. For formats whose
 * decoder keeps no account of the text itself.
 */
export function withTextTemplate(decoder: StreamDecoder, { varying, withUsage }: RepeatedEvents = {}): StreamDecoder {
  const template = createTextTemplate(varying);
  let index = 0;
  let event: string | undefined;
  return {
    decode(frame) {
      const text = frame.event === event ? template.match(frame.data) : undefined;
      if (text !== undefined) return text === '' ? NOTHING : [{ type: 'text-delta', index, text }];
      const events = decoder.decode(frame);
      const first = repeatedText(events, withUsage ?? false);
      if (first !== undefined) {
        index = first.index;
        event = frame.event;
        template.learn(frame.data, first.text);
      } else if (events.length > 0) template.reset();
      return events;
    },
    end: () => decoder.end(),
  };
}

/** The text of events that bring one text and nothing else that counts. */
export function repeatedText(
  events: readonly StreamEvent[],
  withUsage: boolean,
): Extract<StreamEvent, { type: 'text-delta' }> | undefined {
  const [first, second] = events;
  const alone = events.length === 1 || (withUsage && events.length === 2 && second?.type === 'usage-update');
  return alone && first?.type === 'text-delta' && first.refusal !== true ? first : undefined;
}

const NOTHING: readonly StreamEvent[] = [];
