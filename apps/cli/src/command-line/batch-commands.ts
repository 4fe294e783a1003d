import type { Command } from 'commander';
import type { BatchResultsOptions } from '../commands/batch-results.ts';
import type { BatchStatusOptions } from '../commands/batch-status.ts';
import type { BatchSubmitOptions } from '../commands/batch-submit.ts';
import type { Run } from './cost-commands.ts';

const CONFIG = ['-c, --config <file>', 'use this configuration file'] as const;

/** `signalbox batch …`: requests that are answered within a day at half the price. */
export function addBatchCommand(program: Command, run: Run): void {
  const batch = program
    .command('batch')
    .description("hand many requests in to a provider's batch API: answers within a day, at a lower price");

  batch
    .command('submit')
    .description('hand the requests of a file in')
    .argument('<file>', 'JSON lines: {"id": "a", "prompt": "…"}, or as OpenAI\'s and Anthropic\'s batches have them')
    .option('-m, --model <name>', 'all to this model')
    .option('-p, --provider <name>', "all to this provider's default model")
    .option('-s, --strategy <name>', 'each routed by this strategy')
    .option('--dry-run', 'say what would go where, and what it would cost', false)
    .option('--again', 'hand in what was handed in already', false)
    .option('--json', 'print JSON', false)
    .option('-q, --quiet', 'nothing on stderr but errors', false)
    .option(...CONFIG)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox batch submit questions.jsonl --model claude-haiku-4-5\n  signalbox batch submit questions.jsonl --dry-run\n\nA line may say "system", "model", "max_tokens" and "temperature" beside "id" and "prompt".',
    )
    .action((file: string, options: BatchSubmitOptions) =>
      run(async () => (await import('../commands/batch-submit.ts')).batchSubmit(file, options))(),
    );

  batch
    .command('status')
    .description('how it stands with what was handed in')
    .argument('[file]', 'the file that was handed in; without one everything')
    .option('--json', 'print JSON', false)
    .option(...CONFIG)
    .addHelpText('after', '\nExample:\n  signalbox batch status questions.jsonl')
    .action((file: string | undefined, options: BatchStatusOptions) =>
      run(async () => (await import('../commands/batch-status.ts')).batchStatus(file, options))(),
    );

  batch
    .command('results')
    .description('the answers, as JSON lines in the order of the file; they are booked once')
    .argument('<file>', 'the file that was handed in')
    .option('--wait', 'wait until they are there', false)
    .option('--json', 'the same: results are JSON lines', false)
    .option('-q, --quiet', 'nothing on stderr but errors', false)
    .option(...CONFIG)
    .addHelpText('after', '\nExample:\n  signalbox batch results questions.jsonl > answers.jsonl')
    .action((file: string, options: BatchResultsOptions) =>
      run(async () => (await import('../commands/batch-results.ts')).batchResults(file, options))(),
    );
}
