import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Prompts with what several models made of them: 0 (wrong) to 1 (right). */
export interface OutcomeRow {
  readonly id: string;
  readonly source: string;
  readonly category: string;
  readonly prompt: string;
  readonly scores: Readonly<Record<string, number>>;
  readonly tokens?: { readonly in: number; readonly out: Readonly<Record<string, number>> } | undefined;
}

/** Prompts with what kind of task they are. */
export interface TypedRow {
  readonly id: string;
  readonly source: string;
  readonly prompt: string;
  readonly task_type: string;
}

/** The data that weights may be trained on; AlpacaEval's rows are for measuring only (their licence is not clear). */
export const TRAINING_FILES = [
  'routing_routellm_mmlu',
  'routing_routellm_gsm8k',
  'routing_mmlupro',
  'routing_zeroeval_gsm',
  'routing_zeroeval_crux',
  'routing_zeroeval_math_l5',
] as const;
export const MEASURING_FILES = ['routing_alpacaeval'] as const;

/** The folder of the data, or undefined where it is not here: it is not part of the repository. */
export function packFolder(): string | undefined {
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: no task of turbo reads it.
  const shared = process.env.SIGNALBOX_SHARED ?? fileURLToPath(new URL('../../shared', import.meta.url));
  const folder = join(shared, 'routing');
  return existsSync(folder) ? folder : undefined;
}

export function readOutcomes(folder: string, files: readonly string[]): OutcomeRow[] {
  return files.flatMap((file) =>
    readLines<OutcomeRow>(join(folder, `${file}.jsonl`)).map((row) => ({ ...row, source: file })),
  );
}

export function readTyped(folder: string): TypedRow[] {
  return readLines<TypedRow>(join(folder, 'tasktype.jsonl'));
}

function readLines<Row>(path: string): Row[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
