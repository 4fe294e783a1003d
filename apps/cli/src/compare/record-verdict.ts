import { type OutcomeSource, RouterError } from '@signalbox/core';
import type { LearningStore } from '@signalbox/store-sqlite';
import type { Entry } from './contestant.ts';
import type { Judgement } from './judge.ts';
import type { Verdict } from './verdict.ts';

/** A judge's scores from here on are good, and up to there bad; what lies between says nothing. */
const GOOD_SCORE = 8;
const BAD_SCORE = 4;

/** What somebody says of an answer, by its place; `undefined`: nothing. */
type Opinion = (entry: Entry, place: number) => boolean | undefined;

/**
 * Writes what a person said of a comparison into the ledger: `good` for the best answer, `bad` for the others, under the decisions that they came from; nothing where all are as good. No
 * text of prompts or answers. Throws RouterError where the file can't be used.
 */
export function recordVerdict(learning: LearningStore, entries: readonly Entry[], verdict: Verdict): void {
  if (verdict.length === 0) return;
  record(learning, entries, 'comparison', undefined, (_, place) => verdict.includes(place));
}

/**
 * The same of what a model that was asked to judge said, as a word of less weight (`OUTCOME_WEIGHTS`). What it says of its own answer is left out: models like what they wrote themselves.
 * Throws RouterError where the file can't be used.
 */
export function recordJudgement(learning: LearningStore, entries: readonly Entry[], judgement: Judgement): void {
  // A simulated judge made its scores up.
  if (judgement.simulated) return;
  record(learning, entries, 'judge-model', judgement.judge, ({ candidate }, place) => {
    const score = judgement.scores[place];
    if (score === undefined || candidate === judgement.judge) return undefined;
    if (score >= GOOD_SCORE) return true;
    return score <= BAD_SCORE ? false : undefined;
  });
}

function record(
  learning: LearningStore,
  entries: readonly Entry[],
  source: OutcomeSource,
  judge: string | undefined,
  opinion: Opinion,
): void {
  for (const [place, entry] of entries.entries()) {
    const { decision, candidate, problem } = entry;
    if (decision === undefined || candidate === undefined || problem !== undefined) continue;
    const good = opinion(entry, place);
    if (good !== undefined) learning.judge({ decision, candidate }, { good, source, judge });
  }
}

/** Does something with the ledger and gives a sentence where that fails: a comparison that can't be written down is one all the same. */
export function sentenceWhere(fails: () => void): string | undefined {
  try {
    fails();
    return undefined;
  } catch (error) {
    if (RouterError.is(error)) return `What was said of the answers is not written down: ${error.message}`;
    throw error;
  }
}
