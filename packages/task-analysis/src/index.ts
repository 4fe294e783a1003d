// The public surface of @signalbox/task-analysis.
export { ABILITY_TABLE, type AbilityRow } from './ability-table.ts';
export {
  type AnalysisOptions,
  analysePrompt,
  analyseTask,
  createTaskAnalyser,
  type TaskAnalysis,
} from './analyse-task.ts';
export { type AnalysisLine, analysisLine } from './analysis-line.ts';
export { createCorrectedQuality, type QualityCorrections } from './corrected-quality.ts';
export { createExpectedQuality, DEMAND, type ExpectedQualityOptions, type OwnAbility } from './expected-quality.ts';
export { HEAD_NAMES, type HeadName } from './heads.ts';
export { LEARNING_NEEDS, type LearningReport, learnHeads, type SketchedOutcome } from './learn-heads.ts';
export { createLearnedShift, type LearnedHeads, type LearnedShift } from './learned-heads.ts';
export {
  type CorrectedQuality,
  createOutcomeCorrection,
  type OutcomeCorrection,
  type PriorQuality,
} from './outcome-correction.ts';
export { prepareAnalysis } from './prepare-analysis.ts';
export type { Expected, Interval } from './ranking-gain.ts';
export { TASK_LEXICON, type WordCue } from './task-lexicon.ts';
export { promptDigestOf, sketchOf } from './task-sketch.ts';
