import { analysePrompt } from '../packages/task-analysis/src/analyse-task.ts';

/** Milliseconds of a call. */
export interface TimeFigures {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const LENGTH = 4_096;
const ROUNDS = 7;

/** How long the analysis of a prompt of 4 KB takes, made up of real ones, after a warm-up. Of each prompt the shortest of seven: the machine is shared, and who else was running is not measured. */
export function analysisTimes(prompts: readonly string[]): TimeFigures {
  const long: string[] = [];
  let text = '';
  for (const prompt of prompts) {
    text += `${prompt}\n`;
    if (text.length < LENGTH) continue;
    long.push(text.slice(0, LENGTH));
    text = '';
  }
  for (const prompt of long) analysePrompt(prompt);
  const times = long.map((prompt) => {
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = performance.now();
      analysePrompt(prompt);
      least = Math.min(least, performance.now() - start);
    }
    return least;
  });
  times.sort((one, other) => one - other);
  const quantile = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}
