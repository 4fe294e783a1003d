import { ABILITY_TABLE } from './ability-table.ts';
import { analysePrompt } from './analyse-task.ts';
import { builtInWeights } from './built-in-heads.ts';
import { kindWord } from './kind-word.ts';

/** What `signalbox analyze --jsonl` says of a prompt. */
export interface AnalysisLine {
  readonly id: unknown;
  /** How much more often a strong model gets it right than a weak one, expected: higher, a stronger model is needed. 0.2, 0.3 or 0.4, by the size of the work, where nothing like the prompt was measured. */
  readonly score: number;
  /** `code`, `math`, `reasoning`, `knowledge_qa`, `creative_writing`, `data_analysis`, `structured_output`, `summarization`, `translation`. */
  readonly task_type: string;
  readonly complexity: 'low' | 'medium' | 'high';
  /** The figure behind it, 0 to 1. */
  readonly complexity_score: number;
  /** 0 (any model gets it right) to 1. */
  readonly difficulty: number;
  /** Share of such prompts that a model gets right, expected, by model. */
  readonly quality: Readonly<Record<string, number>>;
}

/**
 * Analyses one prompt for a data set. `models`: ids to expect a quality of; default: those whose answers the training data has.
 *
 * @example
 * ```ts
 * analysisLine(1, 'What is 17 times 23?').task_type; // 'math'
 * ```
 */
export function analysisLine(id: unknown, prompt: string, models?: readonly string[]): AnalysisLine {
  const { profile, kind, complexityScore, usefulness, hardness } = analysePrompt(prompt);
  const { calibration } = builtInWeights();
  const quality: Record<string, number> = {};
  for (const [model, ability] of abilitiesOf(models)) {
    quality[model] = rounded(1 / (1 + Math.exp(-(calibration.slope * (ability - hardness) + calibration.shift))));
  }
  return {
    id,
    score: rounded(usefulness),
    task_type: kindWord(kind),
    complexity: profile.complexity,
    complexity_score: rounded(complexityScore),
    difficulty: rounded(profile.difficulty),
    quality,
  };
}

/** The table's scale over the logits of measured abilities: `ability = 0.42 + 0.12 × logits`. */
const TABLE_ORIGIN = 0.42;
const TABLE_UNIT = 0.12;

const known = new Map<string, number>();

/** Abilities in logits: measured, where the training data has the model, else from the table; others are left out. */
function abilitiesOf(models: readonly string[] | undefined): readonly (readonly [string, number])[] {
  const { abilities } = builtInWeights();
  if (models === undefined) return Object.entries(abilities);
  return models.flatMap((model) => {
    const measured = Object.hasOwn(abilities, model) ? abilities[model] : known.get(model);
    if (measured !== undefined) return [[model, measured] as const];
    const row = ABILITY_TABLE.find((one) => one.model.test(model.toLowerCase()));
    if (row === undefined) return [];
    const ability = (row.ability - TABLE_ORIGIN) / TABLE_UNIT;
    known.set(model, ability);
    return [[model, ability] as const];
  });
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;
