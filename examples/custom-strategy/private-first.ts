import type { Need, Removal, Strategy } from '@signalbox/core';

export interface PrivateFirstOptions {
  /** What makes a prompt private where it is in it. */
  readonly words: readonly string[];
  /** Names of the providers that may see it all the same. */
  readonly trusted: readonly string[];
  /** Orders whoever may answer. */
  readonly otherwise: Strategy;
}

/** Prompts that mention what is private go to trusted providers only; all others are ordered by another strategy. */
export function privateFirst({ words, trusted, otherwise }: PrivateFirstOptions): Strategy {
  const needs: readonly Need[] = [...new Set<Need>(['prompt', ...otherwise.needs])];
  const lowered = words.map((word) => word.toLowerCase());
  return {
    name: 'private_first',
    needs,
    // Pure: everything it may know is in the snapshot, so a decision can be explained and asked for again.
    rank(candidates, snapshot) {
      const prompt = (snapshot.prompt ?? '').toLowerCase();
      if (!lowered.some((word) => prompt.includes(word))) return otherwise.rank(candidates, snapshot);
      const allowed = candidates.filter(({ provider }) => trusted.includes(provider.id));
      const ranking = otherwise.rank(allowed, snapshot);
      const removed = candidates
        .filter((candidate) => !allowed.includes(candidate))
        .map(
          ({ id }): Removal => ({
            candidate: id,
            kind: 'data-policy',
            reason: 'is not trusted with a private prompt',
            byStrategy: true,
          }),
        );
      return {
        ...ranking,
        reason: `a private word is in the prompt; ${ranking.reason}`,
        removed: [...(ranking.removed ?? []), ...removed],
      };
    },
  };
}
