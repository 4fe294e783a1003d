import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DoctorOptions } from '../commands/doctor.ts';
import type { InitOptions } from '../commands/init.ts';
import type { Run } from './cost-commands.ts';

/** Adds `signalbox init` and `signalbox doctor`. */
export function addSetupCommands(program: Command, run: Run): void {
  program
    .command('init')
    .description('write a configuration to begin with: asks for providers, tests their keys, finds a local Ollama')
    .option('-y, --yes', 'ask nothing: take the providers whose keys are in the environment or .env', false)
    .option(
      '-p, --provider <name>',
      'with --yes: this provider (repeatable)',
      (name: string, names: string[]) => [...names, name],
      [],
    )
    .addOption(
      new Option('-s, --strategy <name>', 'with --yes: how models are chosen').choices([
        'best_for_task',
        'cost_optimized',
        'performance_optimized',
      ]),
    )
    .addOption(new Option('--budget-daily <dollars>', 'with --yes: dollars a day at most').argParser(dollars))
    .option('--no-test', 'make no call, not even to test a key')
    .option('--global', 'for all your projects: into ~/.claude-code', false)
    .option('--force', 'overwrite a configuration that is there', false)
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox init\n  signalbox init --yes --provider anthropic --provider openai\n  signalbox init --yes --strategy cost_optimized --budget-daily 10\n\nKeys go into .env, never into the configuration. A key is tested by asking for the list of models, which costs nothing.\nExit code 1: a key was refused.',
    )
    .action((options: InitOptions) => run(async () => (await import('../commands/init.ts')).init(options))());

  program
    .command('doctor')
    .description('check configuration, keys, providers, clock, store and versions, and say how to fix each finding')
    .option('--offline', 'make no call', false)
    .option('--json', 'print JSON', false)
    .addOption(new Option('--port <number>', 'port of the gateway').argParser(Number).default(4141))
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox doctor\n  signalbox doctor --offline\n  signalbox doctor --json\n\nProviders are asked for their list of models, which costs nothing. Exit code 1: something is wrong.',
    )
    .action((options: DoctorOptions) => run(async () => (await import('../commands/doctor.ts')).doctor(options))());
}

function dollars(text: string): number {
  const value = Number(text.replace(/^\$/, ''));
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('It must be an amount of dollars such as 10.');
  return value;
}
