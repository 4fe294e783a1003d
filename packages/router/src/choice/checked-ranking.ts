import { type Candidate, type Ranking, RouterError } from '@signalbox/core';

/** Candidates from which on looking them up in a set is quicker than going through them. */
const MANY = 32;

/**
 * What a strategy says, where it can be gone by. Strategies may be anybody's: one that throws, or gives something else than an order of the candidates that it got, ends in a sentence with its
 * name. Throws RouterError `configuration`.
 */
export function checkedRanking(name: string, kept: readonly Candidate[], rank: () => Ranking): Ranking {
  let ranking: Ranking | undefined;
  try {
    ranking = rank();
  } catch (error) {
    if (RouterError.is(error)) throw error;
    throw refused(name, `failed: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (!Array.isArray(ranking?.order)) {
    throw refused(
      name,
      'gave no order of candidates: rank must return { order: [{ candidate }], reason }, and no promise',
    );
  }
  const many = kept.length > MANY ? new Set(kept) : undefined;
  for (const ranked of ranking.order) {
    if (!(many?.has(ranked?.candidate) ?? kept.includes(ranked?.candidate))) {
      const who = ranked?.candidate?.id;
      throw refused(
        name,
        typeof who === 'string'
          ? `put ${who} into its order, which is none of the candidates that it got`
          : 'gave an order of something else than { candidate } of the candidates that it got',
      );
    }
  }
  return typeof ranking.reason === 'string' ? ranking : { ...ranking, reason: 'gave no reason' };
}

function refused(name: string, what: string, cause?: unknown): RouterError {
  return new RouterError({ kind: 'configuration', message: `The strategy "${name}" ${what}.`, cause });
}
