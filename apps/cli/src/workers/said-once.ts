/** Milliseconds within which the same sentence by another worker is the same news. */
const SAME_NEWS_MS = 10_000;

/**
 * Lets through what one worker says and swallows what others say of the same: each of them takes over a configuration, and people want to read of it
 * once. `now` is Unix milliseconds.
 */
export function createSaidOnce(now: () => number = Date.now): (worker: number, sentence: string) => boolean {
  const said = new Map<string, { readonly at: number; readonly by: Set<number> }>();
  return (worker, sentence) => {
    const moment = now();
    for (const [text, { at }] of said) if (moment - at > SAME_NEWS_MS) said.delete(text);
    const known = said.get(sentence);
    if (known !== undefined && !known.by.has(worker)) {
      known.by.add(worker);
      return false;
    }
    said.set(sentence, { at: moment, by: new Set([worker]) });
    return true;
  };
}
