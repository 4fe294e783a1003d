/** Joins what a second model writes to what the caller has already read. Made per continuation. */
export interface ContinuationText {
  /** The text to send on for a piece; `''` while it can't be told yet, undefined when the two don't fit together. */
  push(piece: string): string | undefined;
  /** What is still held back at the end; undefined when the two don't fit together. */
  end(): string | undefined;
}

/** So many characters that agree with the beginning of the answer mean that the model began anew. */
const TELLING = 24;

/**
 * A model that was given the text so far goes on behind it, or begins anew because it takes no such hint. Anew is told by its first characters:
 * then what the caller has read is swallowed as long as it is the same to the letter, and one difference ends the attempt.
 *
 * `given` is what the model was told (without blanks at its end, which some refuse), `sent` what the caller has; `mustRestart` where the
 * model was told nothing.
 */
export function createContinuationText(sent: string, given: string, mustRestart: boolean): ContinuationText {
  const telling = Math.min(TELLING, sent.length);
  let held = '';
  let mode: 'unknown' | 'goes-on' | 'anew' = mustRestart ? 'anew' : 'unknown';
  let swallowed = 0;
  // The blanks between the two, which the model may or may not write again.
  let blanks = sent.slice(given.length);

  function goOn(text: string): string {
    while (blanks !== '' && text !== '' && text[0] === blanks[0]) {
      text = text.slice(1);
      blanks = blanks.slice(1);
    }
    if (text !== '') blanks = '';
    return text;
  }

  function swallow(text: string): string | undefined {
    const due = sent.slice(swallowed, swallowed + text.length);
    if (!text.startsWith(due)) return undefined;
    swallowed += due.length;
    return text.slice(due.length);
  }

  return {
    push(piece) {
      if (mode === 'goes-on') return goOn(piece);
      if (mode === 'anew') return swallow(piece);
      held += piece;
      if (sent.startsWith(held) && held.length < telling) return '';
      mode = held.startsWith(sent.slice(0, telling)) ? 'anew' : 'goes-on';
      const text = held;
      held = '';
      return mode === 'anew' ? swallow(text) : goOn(text);
    },
    end() {
      if (mode === 'anew') return swallowed < sent.length ? undefined : '';
      const text = held;
      held = '';
      return goOn(text);
    },
  };
}
