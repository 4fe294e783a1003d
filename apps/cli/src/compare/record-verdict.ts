import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Entry } from './contestant.ts';
import type { Verdict } from './verdict.ts';

/** Path of the user's verdicts. */
const verdictFile = (home: string) => join(home, '.claude-code', 'verdicts.jsonl');

/**
 * Writes down what a person said of a comparison: a line for each answer, `good` for the best and `bad` for the others, under the decision that it came from; nothing where all are as
 * good. No text of prompts or answers. The one place where verdicts are stored.
 */
export async function recordVerdict(home: string, entries: readonly Entry[], verdict: Verdict): Promise<void> {
  if (verdict.length === 0) return;
  const at = Date.now();
  const lines = entries.flatMap(({ decision, candidate, problem }, place) =>
    decision === undefined || candidate === undefined || problem !== undefined
      ? []
      : [
          `${JSON.stringify({ at, decision, candidate, source: 'comparison', outcome: verdict.includes(place) ? 'good' : 'bad' })}\n`,
        ],
  );
  const file = verdictFile(home);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, lines.join(''), { mode: 0o600 });
}
