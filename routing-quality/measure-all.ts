import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { analysePrompt } from '../packages/task-analysis/src/analyse-task.ts';
import type { HeadName } from '../packages/task-analysis/src/heads.ts';
import { editFigures } from './evaluate-edits.ts';
import { freshFigures } from './evaluate-fresh.ts';
import { complexityFigures, kindFigures } from './evaluate-kinds.ts';
import { pairFigures, poolFigures } from './evaluate-pairs.ts';
import type { LabelledPrompt } from './fit-heads.ts';
import { labelExamples, labelExams, labelTyped, readExamples, readFresh } from './labelled-prompts.ts';
import { analysisTimes } from './measure-time.ts';
import { CHAT_PAIR, PAIRS } from './pairs.ts';
import { foldedPredictions, labelledPredictions, sourcelessPredictions } from './predictions.ts';
import { MEASURING_FILES, readOutcomes, readTyped, TRAINING_FILES } from './read-pack.ts';
import { seededRandom } from './router-curves.ts';

const FOLDS = 5;
/** A third of the forms at a time is left out. */
const FORM_FOLDS = 3;

export type Measures = ReturnType<typeof measureAll>;

/** Everything that docs/routing-quality.md says, from the data in a folder. */
export function measureAll(folder: string) {
  const outcomes = readOutcomes(folder, TRAINING_FILES);
  const chat = readOutcomes(folder, MEASURING_FILES);
  const typedRows = readTyped(folder);
  const typed = labelTyped(typedRows);
  const exampleRows = readExamples();
  const examples = labelExamples(exampleRows);
  const everything: readonly LabelledPrompt[] = [...typed, ...examples, ...labelExams(outcomes)];
  const folded = foldedPredictions(outcomes, everything);
  const sourceless = sourcelessPredictions(outcomes, everything);
  const isTyped = (row: number) => row < typed.length;
  const sourceOf = (row: number) => typedRows[row]?.source ?? '';
  const folds = foldNames(everything.length);
  const byFold = labelledPredictions(everything, (row) => folds[row] ?? '');
  const withoutSource = labelledPredictions(everything, (row) => (isTyped(row) ? sourceOf(row) : ''));
  const forms = [...new Set(exampleRows.flatMap(({ form }) => (form === undefined ? [] : [form])))];
  const withoutForm = labelledPredictions(everything, (row) => {
    const form = exampleRows[row - typed.length]?.form;
    return form === undefined ? '' : `forms ${forms.indexOf(form) % FORM_FOLDS}`;
  });
  const sources = [...new Set(typedRows.map((row) => row.source))];
  const prompts = [...typedRows.map((row) => row.prompt), ...exampleRows.map((row) => row.prompt)];
  const weights = readFileSync(new URL('../packages/task-analysis/src/weights.json', import.meta.url));
  return {
    pairs: PAIRS.map((pair) => ({
      pair,
      inDomain: pairFigures(pair, outcomes, (row) => folded[row]?.scores.usefulness ?? 0),
      leftOut: pairFigures(pair, outcomes, (row) => sourceless[row]?.scores.usefulness ?? 0),
    })),
    chat: {
      pair: CHAT_PAIR,
      figures: pairFigures(CHAT_PAIR, chat, (row) => analysePrompt(chat[row]?.prompt ?? '').usefulness),
    },
    pool: { inDomain: poolFigures(outcomes, folded), leftOut: poolFigures(outcomes, sourceless) },
    kinds: {
      inDomain: kindFigures(typed, byFold),
      examples: kindFigures(examples, byFold.slice(typed.length), (head: HeadName) => head),
      forms: { count: forms.length, ...kindFigures(examples, withoutForm.slice(typed.length)) },
      leftOut: sources.map((source) => ({
        source,
        figures: kindFigures(
          typed,
          withoutSource.map((scores, row) => (sourceOf(row) === source ? scores : undefined)),
        ),
      })),
    },
    complexity: {
      byFold: complexityFigures(everything, byFold),
      withoutForm: complexityFigures(everything, withoutForm),
    },
    fresh: freshFigures(readFresh()),
    edits: { prompts: prompts.length, figures: editFigures(prompts) },
    times: analysisTimes(prompts),
    size: { bytes: weights.length, compressed: gzipSync(weights).length },
    rows: {
      outcomes: outcomes.length,
      typed: typed.length,
      exams: everything.length - typed.length - examples.length,
      examples: examples.length,
    },
  };
}

function foldNames(count: number): readonly string[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, () => `fold ${Math.floor(random() * FOLDS)}`);
}
