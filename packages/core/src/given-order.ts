import type { Strategy } from './strategy.ts';

/** A strategy that keeps candidates in the order in which they are given, e.g. because a person chose. */
export function givenOrder(name: string, reason: string): Strategy {
  return {
    name,
    needs: [],
    rank: (candidates) => ({ order: candidates.map((candidate) => ({ candidate })), reason }),
  };
}
