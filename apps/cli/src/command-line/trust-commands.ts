import { type Command, Option } from 'commander';
import type { Run } from './cost-commands.ts';
import { positiveInteger } from './positive-integer.ts';

/** `signalbox trust`: what a project may do with your keys. */
export function addTrustCommand(program: Command, run: Run): void {
  program
    .command('trust')
    .description("let a project's configuration send your keys to other hosts or run code")
    .argument('[file]', 'the file; without one what the configuration of this folder uses')
    .option('--list', 'list what is trusted')
    .addOption(new Option('--json', 'with --list: print JSON').default(false).implies({ list: true }))
    .addOption(new Option('--revoke', 'take the trust back').conflicts(['list', 'json']))
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox trust\n  signalbox trust --list\n  signalbox trust --revoke .claude-code/router-config.yml',
    )
    .action(
      (file: string | undefined, options: { list?: boolean; revoke?: boolean; config?: string; json?: boolean }) =>
        run(async () => (await import('../commands/trust.ts')).trust(file, options))(),
    );
}

/** `signalbox audit`: what was done to keys, configuration and trust. */
export function addAuditCommand(program: Command, run: Run): void {
  program
    .command('audit')
    .description('what was done to keys, configuration and trust, and through the admin API')
    .command('show')
    .description('print it, the newest last')
    .addOption(new Option('--last <count>', 'so many lines at most').argParser(positiveInteger).default(50))
    .option('--action <name>', 'only this action, or all that begin with it: key, key.create, trust, admin, config')
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExamples:\n  signalbox audit show\n  signalbox audit show --action key --json')
    .action((options: { last: number; action?: string; json: boolean }) =>
      run(async () => (await import('../commands/audit-show.ts')).auditShow(options))(),
    );
}
