import { complexityLevel } from '../packages/task-analysis/src/complexity-level.ts';
import { HEAD_NAMES, type HeadName, type HeadScores } from '../packages/task-analysis/src/heads.ts';
import { kindWord } from '../packages/task-analysis/src/kind-word.ts';
import type { LabelledPrompt } from './fit-heads.ts';
import { areaUnderRoc } from './router-curves.ts';

const KINDS = HEAD_NAMES.filter((name) => !['complexity', 'usefulness', 'hardness'].includes(name));

/** How often the kind of task is right. */
export interface KindFigures {
  readonly rows: number;
  readonly accuracy: number;
  /** The mean of F1 over the kinds that occur. */
  readonly macroF1: number;
  /** The same over the kinds with at least `COMMON` prompts. */
  readonly commonMacroF1: number;
}

/** F1 of a kind with fewer prompts says little. */
export const COMMON = 100;

export function kindFigures(
  labelled: readonly LabelledPrompt[],
  predictions: readonly (HeadScores | undefined)[],
  nameOf: (head: HeadName) => string = kindWord,
): KindFigures {
  const counts = new Map<string, { right: number; missed: number; wrong: number }>();
  const count = (name: string) => {
    const found = counts.get(name) ?? { right: 0, missed: 0, wrong: 0 };
    counts.set(name, found);
    return found;
  };
  let right = 0;
  let rows = 0;
  for (const [row, { head }] of labelled.entries()) {
    const scores = predictions[row];
    if (scores === undefined) continue;
    rows += 1;
    const guess = nameOf(KINDS.reduce((best, kind) => (scores[kind] > scores[best] ? kind : best)));
    const truth = nameOf(head);
    if (guess === truth) {
      right += 1;
      count(truth).right += 1;
    } else {
      count(truth).missed += 1;
      count(guess).wrong += 1;
    }
  }
  const macroF1 = (least: number) => {
    const scores = [...counts.values()]
      .filter(({ right: found, missed }) => found + missed >= least)
      .map(({ right: found, missed, wrong }) => (2 * found) / (2 * found + missed + wrong));
    return scores.reduce((sum, f1) => sum + f1, 0) / scores.length;
  };
  return { rows, accuracy: right / rows, macroF1: macroF1(1), commonMacroF1: macroF1(COMMON) };
}

/** How well small work is told from large, and how often all three sizes are right. */
export interface ComplexityFigures {
  readonly rows: number;
  readonly auc: number;
  readonly accuracy: number;
}

const SIZES = { low: 0, medium: 0.5, high: 1 } as const;

export function complexityFigures(
  labelled: readonly LabelledPrompt[],
  predictions: readonly (HeadScores | undefined)[],
): ComplexityFigures {
  const rows = labelled.flatMap(({ complexity }, row) => {
    const score = predictions[row]?.complexity;
    return complexity === undefined || score === undefined ? [] : [{ complexity, score }];
  });
  const ends = rows.filter(({ complexity }) => complexity !== 0.5);
  return {
    rows: rows.length,
    auc: areaUnderRoc(ends.map(({ score, complexity }) => ({ score, positive: complexity === 1 }))),
    accuracy: rows.filter(({ score, complexity }) => SIZES[complexityLevel(score)] === complexity).length / rows.length,
  };
}
