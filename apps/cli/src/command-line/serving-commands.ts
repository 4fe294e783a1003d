import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ServeCommand } from '../commands/serve.ts';
import type { Run } from './cost-commands.ts';

/** `signalbox serve`: the gateway. */
export function addServeCommand(program: Command, run: Run): void {
  program
    .command('serve')
    .description('serve the gateway: the APIs of OpenAI, Anthropic, Google and Ollama')
    .addOption(new Option('--port <number>', 'port to listen on; 0 takes a free one').argParser(port).default(4141))
    .addOption(
      new Option(
        '--mode <name>',
        'routed requests get the model and sampling of quality_mode, balanced_mode or speed_mode',
      ).choices(['quality', 'balanced', 'speed']),
    )
    .addOption(
      new Option('--host <address>', 'address to listen on; one that others can reach needs keys')
        .argParser(host)
        .default('127.0.0.1'),
    )
    .addOption(
      new Option('--grace <seconds>', 'how long running answers may take to end when it is told to stop')
        .argParser(graceSeconds)
        .default(30),
    )
    .addOption(
      new Option('--log <level>', 'lines of JSON on stderr: info is every request, warn those that failed')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('warn'),
    )
    .addOption(
      new Option('--workers <count>', 'processes that answer, for more than one processor')
        .argParser(workers)
        .default(1),
    )
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText(
      'after',
      '\nExample:\n  signalbox serve --port 4141\n  ANTHROPIC_BASE_URL=http://127.0.0.1:4141 claude',
    )
    .action((options: ServeCommand) => run(async () => (await import('../commands/serve.ts')).serve(options))());
}

/** `signalbox health`: how the providers of a running gateway are. */
export function addHealthCommand(program: Command, run: Run): void {
  program
    .command('health')
    .description('ask a running gateway which providers are well, which are left alone and how fast they are')
    .option('--url <url>', 'the gateway', 'http://127.0.0.1:4141')
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox health\n  signalbox health --url http://127.0.0.1:8080 --json\n\nA gateway with keys wants one in SIGNALBOX_KEY. Exit code 1: a provider is down.',
    )
    .action((options: { url: string; json: boolean }) =>
      run(async () => (await import('../commands/health.ts')).health(options))(),
    );
}

/** `signalbox simulate`: a fake of the APIs. */
export function addSimulateCommand(program: Command, run: Run): void {
  program
    .command('simulate')
    .description('serve a fake of five LLM APIs, for tests and demonstrations')
    .addOption(new Option('--port <number>', 'port to listen on; 0 takes a free one').argParser(port).default(4142))
    .addOption(new Option('--seed <number>', 'the same seed gives the same answers').argParser(integer).default(1))
    .addHelpText(
      'after',
      '\nExample:\n  signalbox simulate --port 4142\n  curl -s http://127.0.0.1:4142/v1/chat/completions -d \'{"model":"m","messages":[{"role":"user","content":"hi"}]}\'',
    )
    .action((options: { port: number; seed: number }) =>
      run(async () => (await import('../commands/simulate.ts')).simulate(options))(),
    );
}

function host(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must be an address such as 127.0.0.1.');
  return text;
}

function workers(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64) throw new InvalidArgumentError('It must be 1 to 64.');
  return value;
}

/** Beyond a day nobody waits; far beyond it a timer of Node's would end at once. */
const MOST_GRACE = 86_400;

function graceSeconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > MOST_GRACE)
    throw new InvalidArgumentError(`It must be a whole number of seconds, 0 to ${MOST_GRACE}.`);
  return value;
}

function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

/** An empty text, as of a variable that is not set, is no 0: that would take any port. */
function port(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('It must be 0 to 65535.');
  return value;
}
