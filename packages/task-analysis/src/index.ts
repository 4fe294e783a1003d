// The public surface of @signalbox/task-analysis.
export { analyseTask, taskAnalyser } from './analyse-task.ts';
export { TASK_RULES, type TaskRule } from './task-rules.ts';
