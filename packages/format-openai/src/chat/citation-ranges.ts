import type { Citation, JsonObject } from '@signalbox/core';
import { citationFields } from '../shared/citations.ts';

interface TextRange {
  /** UTF-16 units of the message before it. */
  readonly begin: number;
  length: number;
  /** What bears it out, until it is whole. */
  citations: Citation[];
}

/** Counts the characters of a message while it is written, for annotations: they count from its beginning, where other formats count in each text. */
export interface CitationRanges {
  /** A piece of a text follows. Returns the annotations of the text that ended with it. */
  grow(index: number, length: number): readonly JsonObject[];
  /** Pages that bear out a text. Returns their annotations where the text is whole: some providers name the pages first. */
  cite(index: number, citations: readonly Citation[]): readonly JsonObject[];
  /** The text is over. */
  end(): readonly JsonObject[];
}

const NONE: readonly JsonObject[] = [];

export function createCitationRanges(): CitationRanges {
  const ranges = new Map<number, TextRange>();
  let total = 0;
  let openIndex = -1;
  let open: TextRange | undefined;

  function rangeOf(index: number): TextRange {
    const known = ranges.get(index);
    if (known !== undefined) return known;
    const range = { begin: total, length: 0, citations: [] };
    ranges.set(index, range);
    return range;
  }

  function take(range: TextRange | undefined): readonly JsonObject[] {
    if (range === undefined || range.citations.length === 0) return NONE;
    const { begin, length, citations } = range;
    range.citations = [];
    return citations.map((one) => ({ type: 'url_citation', url_citation: citationFields(one, length, begin) }));
  }

  return {
    grow(index, length) {
      let due = NONE;
      if (index !== openIndex) {
        due = take(open);
        open = rangeOf(index);
        openIndex = index;
      }
      if (open !== undefined) open.length += length;
      total += length;
      return due;
    },
    cite(index, citations) {
      const range = rangeOf(index);
      range.citations.push(...citations);
      if (range === open || range.length === 0) {
        // The text goes on, or is still to come: then it is the one that is open.
        const due = range === open ? NONE : take(open);
        open = range;
        openIndex = index;
        return due;
      }
      return take(range);
    },
    end() {
      const due = take(open);
      open = undefined;
      openIndex = -1;
      return due;
    },
  };
}
