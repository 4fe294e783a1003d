import { formatUsd, type NanoUsd } from './money.ts';

/** What the warm prompt cache of a session did to a choice. */
export interface SessionCache {
  /** Whether the model that has the cache was kept although another would have been chosen without it. `false`: it was left. */
  readonly kept: boolean;
  /** The candidate that has the cache. */
  readonly holder: string;
  /** The one that would have been chosen instead, or was. */
  readonly other: string;
  /** Tokens in the cache, as they are expected to be read. */
  readonly tokens: number;
  /** What reading them from it saves. */
  readonly saved: NanoUsd;
  /** How much higher the other one's score is without the cache; absent where the strategy gives none. */
  readonly gain?: number | undefined;
}

/**
 * The same in a sentence.
 *
 * @example
 * ```ts
 * sessionSentence(decision.session); // 'kept: warm prompt cache of about 30757 tokens, saves $0.12; switching to openai/gpt-4 would gain 0.073 in score'
 * ```
 */
export function sessionSentence({ kept, holder, other, tokens, saved, gain }: SessionCache): string {
  const cache = `warm prompt cache of about ${tokens} tokens`;
  const amount = gain === undefined ? '' : ` ${gain.toFixed(3)} in score`;
  return kept
    ? `kept: ${cache}, saves ${formatUsd(saved)}; switching to ${other} would ${amount === '' ? 'come first without it' : `gain${amount}`}`
    : `left: the ${cache} at ${holder} would save ${formatUsd(saved)}; ${other} ${amount === '' ? 'comes first all the same' : `gains${amount}`}`;
}
