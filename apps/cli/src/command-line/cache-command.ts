import type { Command } from 'commander';
import type { Run } from './cost-commands.ts';

/** Adds `signalbox cache stats|clear`. */
export function addCacheCommand(program: Command, run: Run): void {
  const cache = program
    .command('cache')
    .description('look at the answers that are kept')
    .addHelpText('after', '\nExamples:\n  signalbox cache stats\n  signalbox cache clear');
  for (const [name, description] of [
    ['stats', 'how many answers are kept on the disk, and what they saved'],
    ['clear', 'forget them'],
  ] as const) {
    const command = cache
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'use this configuration file');
    if (name === 'stats') command.option('--json', 'print JSON', false);
    command.addHelpText('after', `\nExample:\n  signalbox cache ${name}`);
    command.action((options: { config?: string; json?: boolean }) =>
      run(async () => (await import('../commands/cache.ts')).cache(name, options))(),
    );
  }
}
