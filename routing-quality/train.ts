// npm run routing:train: fits the heads of the task analysis and writes packages/task-analysis/src/weights.json.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fitHeads, roundHeads } from './fit-heads.ts';
import { labelExamples, labelExams, labelTyped, readExamples } from './labelled-prompts.ts';
import { packFolder, readOutcomes, readTyped, TRAINING_FILES } from './read-pack.ts';

const folder = packFolder();
if (folder === undefined) {
  console.log('Skipped: the routing data is not here (SIGNALBOX_SHARED names the folder that holds routing/).');
} else {
  const outcomes = readOutcomes(folder, TRAINING_FILES);
  const labelled = [...labelTyped(readTyped(folder)), ...labelExamples(readExamples()), ...labelExams(outcomes)];
  const weights = roundHeads(fitHeads(labelled, outcomes));
  const path = fileURLToPath(new URL('../packages/task-analysis/src/weights.json', import.meta.url));
  writeFileSync(path, `${JSON.stringify(weights)}\n`);
  console.log(`Wrote ${path}: ${labelled.length} prompts with a type, ${outcomes.length} with outcomes.`);
}
