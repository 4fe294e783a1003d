/** Text on its way, of which the newest part waits until it is seen what follows. */
export interface TextWindow {
  /** What may go on now. */
  push(text: string): Promise<string>;
  /** What is left: nothing follows. */
  end(): Promise<string>;
}

/** Places that are tried for a cut before more text is waited for. */
const CUTS = 4;
/** So many times `holdBack` a single match may grow before it is given out as far as it goes. */
const LONGEST_MATCH = 16;

/**
 * Applies `check` to a text that comes in pieces as if it had come at once: a match is found wherever the pieces part it, as long as it has `holdBack` characters at most.
 * Where `check` changes something, the text is cut at a place where both sides, checked apart, give the same as the whole: never inside of a match. A longer
 * match is caught up to 16 times that.
 */
export function createTextWindow(check: (text: string) => Promise<string>, holdBack: number): TextWindow {
  // Checked in strides: a look at each word would be as much again.
  const stride = Math.max(1, Math.floor(holdBack / 4));
  let pending = '';

  async function release(): Promise<string> {
    const limit = pending.length - holdBack;
    const whole = await check(pending);
    const cuts = cutsBefore(pending, limit);
    const isEndless = pending.length >= holdBack * LONGEST_MATCH;
    if (whole === pending) return take(cuts[0] ?? (isEndless ? wholeCharacters(pending, limit) : 0));
    for (const cut of cuts) {
      const before = await check(pending.slice(0, cut));
      if (before + (await check(pending.slice(cut))) !== whole) continue;
      pending = pending.slice(cut);
      return before;
    }
    if (!isEndless) return '';
    pending = '';
    return whole;
  }

  function take(cut: number): string {
    const ready = pending.slice(0, cut);
    pending = pending.slice(cut);
    return ready;
  }

  return {
    async push(text) {
      pending += text;
      return pending.length < holdBack + stride ? '' : release();
    },
    async end() {
      if (pending === '') return '';
      const rest = await check(pending);
      pending = '';
      return rest;
    },
  };
}

/** Where a text may be cut at the latest: at borders of words, since patterns look at those, and one that is made by the cut would be found. */
function cutsBefore(text: string, limit: number): readonly number[] {
  const cuts: number[] = [];
  for (let at = limit; at > 0 && cuts.length < CUTS; at -= 1) {
    const parts = isWord(text[at - 1]) && isWord(text[at]);
    if (!parts && wholeCharacters(text, at) === at) cuts.push(at);
  }
  return cuts;
}

const isWord = (character: string | undefined) => character !== undefined && /\w/.test(character);

/** The same place, or the one before where it is between the halves of a character. */
const wholeCharacters = (text: string, at: number) => (/[\ud800-\udbff]/.test(text[at - 1] ?? '') ? at - 1 : at);
