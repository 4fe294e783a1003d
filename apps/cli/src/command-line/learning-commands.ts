import type { Command } from 'commander';
import type { LearnCommand } from '../commands/learn.ts';

/** Adds `feedback` and `learn`. */
export function addLearningCommands(
  program: Command,
  run: (action: () => Promise<number>) => () => Promise<void>,
): void {
  program
    .command('feedback')
    .description('say whether an answer was good or bad; routing learns from it')
    .argument(
      '<id>',
      'the id of its decision (decision.id of --json, x-signalbox-decision), the beginning of it, or last',
    )
    .argument('<verdict>', 'good or bad')
    .option('--note <text>', 'a word on why, for yourself')
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox feedback last good\n  signalbox feedback 019ab3 bad --note "did not compile"',
    )
    .action((id: string, verdict: string, options: { note?: string; json: boolean }) =>
      run(async () => (await import('../commands/feedback.ts')).feedback(id, verdict, options))(),
    );

  program
    .command('learn')
    .description('learn from judged answers which model answers which prompts well, and say what it brings')
    .option('--apply', 'switch it on, if it brings something beyond chance', false)
    .option('--reset', 'switch it off and forget it', false)
    .option('--json', 'print JSON', false)
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText('after', '\nExamples:\n  signalbox learn\n  signalbox learn --apply\n  signalbox learn --reset')
    .action((options: LearnCommand) => run(async () => (await import('../commands/learn.ts')).learn(options))());
}
