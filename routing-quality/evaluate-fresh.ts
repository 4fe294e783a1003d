import { analyseTask } from '../packages/task-analysis/src/analyse-task.ts';
import type { Example } from './labelled-prompts.ts';

/** How the analysis that ships, certain forms included, does on prompts that nothing was learned from. */
export interface FreshFigures {
  readonly rows: number;
  readonly kinds: number;
  readonly sizes: number;
  readonly both: number;
  /** Prompts of other kinds that were taken for plain questions. */
  readonly takenForPlain: number;
}

/** Kinds as the router knows them: the others are told apart by the heads alone. */
const TYPE_OF_EXAMPLE: Readonly<Record<string, ReturnType<typeof analyseTask>['type']>> = {
  math: 'complex_reasoning',
  errand: 'simple_query',
};

export function freshFigures(prompts: readonly Example[]): FreshFigures {
  const judged = prompts.map(({ prompt, type, complexity }) => {
    const profile = analyseTask(prompt);
    const isKind = profile.type === (TYPE_OF_EXAMPLE[type] ?? type);
    return { isKind, isSize: profile.complexity === complexity, isPlain: profile.type === 'simple_query' };
  });
  const count = (fits: (one: (typeof judged)[number]) => boolean) => judged.filter(fits).length;
  return {
    rows: judged.length,
    kinds: count(({ isKind }) => isKind),
    sizes: count(({ isSize }) => isSize),
    both: count(({ isKind, isSize }) => isKind && isSize),
    takenForPlain: count(({ isKind, isPlain }) => !isKind && isPlain),
  };
}
