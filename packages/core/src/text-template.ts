import type { StreamEvent } from './stream-event.ts';
import type { StreamDecoder } from './wire-format.ts';

/** Characters that end or begin something in a JSON string, so that it can't be taken as it stands. */
const QUOTE = '"';
const BACKSLASH = '\\';

/** Reads the text out of events that differ in nothing else, without parsing them. Made per stream. */
export interface TextTemplate {
  /** The text of an event that is like the one last learned, undefined for any other. */
  match(data: string): string | undefined;
  /** Takes an event as the pattern, whose one text was found by parsing it. */
  learn(data: string, text: string): void;
  /** Forgets the pattern: something came after which the same event would mean something else. */
  reset(): void;
}

/** Patterns learned in a row without a match after which no more are: each event differs in something else too. */
const FRUITLESS = 16;

/**
 * Most events of a stream are the same but for one piece of text. What stands before and behind it is remembered from an event that was parsed;
 * an event with the same beginning and end holds its text between them. Anything else (another field, an escape that does not fit) is left to the
 * parser: a match is always what JSON.parse would have given.
 */
export function createTextTemplate(): TextTemplate {
  let before = '';
  let behind = '';
  let fruitless = 0;
  return {
    match(data) {
      if (before === '' || !data.startsWith(before) || !data.endsWith(behind)) return undefined;
      const end = data.length - behind.length;
      if (end < before.length) return undefined;
      const text = data.slice(before.length, end);
      fruitless = 0;
      if (!text.includes(QUOTE) && !text.includes(BACKSLASH)) return text;
      try {
        // An unescaped quote makes this fail: then the text was not one text.
        return JSON.parse(`"${text}"`) as string;
      } catch {
        return undefined;
      }
    },
    reset() {
      before = '';
    },
    learn(data, text) {
      before = '';
      fruitless += 1;
      if (fruitless > FRUITLESS) return;
      const literal = JSON.stringify(text);
      // Too short a text could stand anywhere; the same text twice could be the other one.
      if (text.length < 2) return;
      const at = data.indexOf(literal);
      if (at === -1 || data.indexOf(literal, at + 1) !== -1) return;
      before = data.slice(0, at + 1);
      behind = data.slice(at + literal.length - 1);
    },
  };
}

/**
 * A decoder that parses only what it has to: an event that is like the last one but for its text gives a text delta at once. For formats whose
 * decoder keeps no account of the text itself.
 */
export function withTextTemplate(decoder: StreamDecoder): StreamDecoder {
  const template = createTextTemplate();
  let index = 0;
  let event: string | undefined;
  return {
    decode(frame) {
      const text = frame.event === event ? template.match(frame.data) : undefined;
      if (text !== undefined) return text === '' ? NOTHING : [{ type: 'text-delta', index, text }];
      const events = decoder.decode(frame);
      const [first] = events;
      if (events.length === 1 && first?.type === 'text-delta' && first.refusal !== true) {
        index = first.index;
        event = frame.event;
        template.learn(frame.data, first.text);
      } else if (events.length > 0) template.reset();
      return events;
    },
    end: () => decoder.end(),
  };
}

const NOTHING: readonly StreamEvent[] = [];
