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
export { createExpectedQuality, DEMAND, type ExpectedQualityOptions, type OwnAbility } from './expected-quality.ts';
export { HEAD_NAMES, type HeadName } from './heads.ts';
export { TASK_LEXICON, type WordCue } from './task-lexicon.ts';
