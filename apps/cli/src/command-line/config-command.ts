import { type Command, Option } from 'commander';
import type { ConfigImportOptions } from '../commands/config-import.ts';
import type { Run } from './cost-commands.ts';

const CONFIG = ['-c, --config <file>', 'use this configuration file'] as const;

const LOOKS = [
  [
    'validate',
    'check the configuration and say where it is wrong',
    'signalbox config validate\n  signalbox config validate --config other.yml --json',
  ],
  [
    'show',
    'print the effective configuration, where each value comes from, secrets masked',
    'signalbox config show\n  signalbox config show --json',
  ],
  [
    'schema',
    'print the JSON Schema of the configuration, for editors',
    'signalbox config schema > router-config.schema.json',
  ],
] as const;

/** Adds `signalbox config validate|show|schema|init|import|test-router`. */
export function addConfigCommand(program: Command, run: Run): void {
  const config = program
    .command('config')
    .description('look at the configuration, write one, or take one over')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox config validate\n  signalbox config show\n  signalbox config import ~/.claude-code-router/config.json --dry-run',
    );
  for (const [name, description, examples] of LOOKS) {
    const command = config
      .command(name)
      .description(description)
      .option(...CONFIG);
    if (name !== 'schema') command.option('--json', 'print JSON', false);
    command
      .addHelpText('after', `\nExamples:\n  ${examples}`)
      .action((options: { config?: string; json?: boolean }) =>
        run(async () => (await import('../commands/config.ts')).config(name, options))(),
      );
  }
  config
    .command('init')
    .description('the same as signalbox init --yes --no-test: a configuration to begin with')
    .addHelpText('after', '\nExample:\n  signalbox config init')
    .action(() =>
      run(async () =>
        (await import('../commands/init.ts')).init({ yes: true, test: false, force: false, json: false, provider: [] }),
      )(),
    );
  config
    .command('import')
    .description(
      'take over the configuration of claude-code-router, LiteLLM or Portkey, and list what could not be carried',
    )
    .argument('<file>', 'its config.json or config.yaml')
    .addOption(
      new Option('--from <program>', 'whose it is; default: what it looks like').choices([
        'claude-code-router',
        'litellm',
        'portkey',
      ]),
    )
    .option('-o, --out <file>', 'write here; default .claude-code/router-config.yml')
    .option('--keys-to <file>', 'put the keys that stand in the file into this one')
    .option('--dry-run', 'print what would be written, and write nothing', false)
    .option('--force', 'overwrite the file', false)
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox config import ~/.claude-code-router/config.json\n  signalbox config import litellm/config.yaml --dry-run\n  signalbox config import portkey.json --from portkey --keys-to .env\n\nKeys never go into the configuration: it names variables, and --keys-to fills them.',
    )
    .action((file: string, options: ConfigImportOptions) =>
      run(async () => (await import('../commands/config-import.ts')).configImport(file, options))(),
    );
  config
    .command('test-router')
    .description("ask the project's router.js about a prompt, without a call")
    .argument('[prompt...]', 'the prompt; without one it is read from the standard input')
    .option(...CONFIG)
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExample:\n  signalbox config test-router "Refactor this module"')
    .action((prompt: string[], options: { config?: string; json?: boolean }) =>
      run(async () => (await import('../commands/test-router.ts')).testRouter(prompt, options))(),
    );
}
