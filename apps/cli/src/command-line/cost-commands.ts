import { type Command, InvalidArgumentError, Option } from 'commander';

/** Runs a command and keeps its exit code. */
export type Run = (action: () => Promise<number>) => () => Promise<void>;

const CONFIG = ['-c, --config <file>', 'use this configuration file'] as const;

/** `signalbox costs …`: what was spent. */
export function addCostsCommand(program: Command, run: Run): void {
  const costs = program.command('costs').description('what was spent: show, export, prune; what a task would cost');

  costs
    .command('show', { isDefault: true })
    .description('what was spent today, as a tree of providers and models')
    .option('--today', 'today (the default)')
    .option('--week', 'the last seven days')
    .option('--month', 'this month')
    .option('--since <when>', 'since 7d, 12h, 2026-11-01 ...')
    .option('--by <what>', 'by provider, model, user, key, tag, strategy, task, session, day; several with commas')
    .addOption(new Option('--json', 'print JSON').default(false).conflicts('csv'))
    .option('--csv', 'print CSV', false)
    .option(...CONFIG)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox costs show\n  signalbox costs show --month --by user,model\n  signalbox costs show --since 7d --by day --csv\n\nA ~ marks sums with an estimate in them; what the simulator answered is never in them.',
    )
    .action((options) => run(async () => (await import('../commands/costs-show.ts')).costsShow(options))());

  costs
    .command('estimate')
    .description('what a file or prompt would cost with each model; no call is made')
    .argument('<text...>', 'a file, or a prompt')
    .option('--models <names>', 'only these, separated by commas')
    .addOption(
      new Option('--output-tokens <count>', 'tokens of the answer; default: what such tasks usually take').argParser(
        count,
      ),
    )
    .option('--json', 'print JSON', false)
    .option(...CONFIG)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox costs estimate src/index.js --models anthropic.opus,anthropic.haiku\n  signalbox costs estimate "Review this file" --output-tokens 1000',
    )
    .action((words: string[], options) =>
      run(async () => (await import('../commands/costs-estimate.ts')).costsEstimate(words, options))(),
    );

  costs
    .command('savings')
    .description('what routing saved, beside always taking the dearest, the default or the cheapest model')
    .option('--today', 'today (the default)')
    .option('--week', 'the last seven days')
    .option('--month', 'this month')
    .option('--since <when>', 'since 7d, 12h, 2026-11-01 ...')
    .option('--json', 'print JSON', false)
    .option(...CONFIG)
    .addHelpText('after', '\nExample:\n  signalbox costs savings --month')
    .action((options) => run(async () => (await import('../commands/costs-savings.ts')).costsSavings(options))());

  costs
    .command('export')
    .description('every attempt that was booked, oldest first')
    .addOption(new Option('--format <name>', 'how to write it').choices(['csv', 'jsonl']).default('csv'))
    .option('--since <when>', 'since 7d, 12h, 2026-11-01 ...')
    .option('-o, --output <file>', 'into this file instead of the standard output')
    .option(...CONFIG)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox costs export > ledger.csv\n  signalbox costs export --format jsonl --since 30d -o november.jsonl',
    )
    .action((options) => run(async () => (await import('../commands/costs-export.ts')).costsExport(options))());

  costs
    .command('prune')
    .description('forget what is older')
    .requiredOption('--older-than <age>', '90d, 12w, 6mo (months of 30 days), 2y')
    .option(...CONFIG)
    .addHelpText('after', '\nExample:\n  signalbox costs prune --older-than 1y')
    .action((options) => run(async () => (await import('../commands/costs-prune.ts')).costsPrune(options))());
}

/** `signalbox replay`: what another policy would have changed. */
export function addReplayCommand(program: Command, run: Run): void {
  program
    .command('replay')
    .description("what-if: decide the ledger's requests again under another policy; no call is made")
    .option('--since <when>', 'since 7d, 12h, 2026-11-01 ...', '7d')
    .option('-s, --strategy <name>', "by this strategy; default: the configuration's own")
    .option('-m, --model <name>', 'always by this model')
    .option('--user <name>', 'only requests of this user')
    .addOption(new Option('--limit <count>', 'the newest so many requests at most').argParser(count))
    .option('--json', 'print JSON', false)
    .option(...CONFIG)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox replay --since 7d --strategy cost_optimized\n  signalbox replay --since 30d --config cheaper.yml\n  signalbox replay --model claude-haiku-4-5 --user ann --json\n\nCompares cost, expected quality and expected time by kind of task, with intervals. Needs no prompts and no keys: the ledger keeps what each request needed.',
    )
    .action((options) => run(async () => (await import('../commands/replay.ts')).replay(options))());
}

/** `signalbox stats …`: how it went. */
export function addStatsCommand(program: Command, run: Run): void {
  const stats = program.command('stats').description('how much was asked, how well it went and what it cost');

  stats
    .command('show', { isDefault: true })
    .description('requests, tokens, spend, latency, errors, failovers and kept answers, in all and by model')
    .addOption(new Option('--daily', 'today, by hour').conflicts(['weekly', 'monthly']))
    .addOption(new Option('--weekly', 'the last seven days (the default)').conflicts(['daily', 'monthly']))
    .addOption(new Option('--monthly', 'the last thirty days').conflicts(['daily', 'weekly']))
    .option('--json', 'print JSON', false)
    .option(...CONFIG)
    .addHelpText('after', '\nExamples:\n  signalbox stats show --weekly\n  signalbox stats show --daily --json')
    .action((options) => run(async () => (await import('../commands/stats-show.ts')).statsShow(options))());
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}
