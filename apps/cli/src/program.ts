import { editDistance, RouterError } from '@signalbox/core';
import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { addBatchCommand } from './command-line/batch-commands.ts';
import { addCacheCommand } from './command-line/cache-command.ts';
import { addChatCommand } from './command-line/chat-command.ts';
import { addCodeCommand } from './command-line/code-command.ts';
import { addCompletionCommand } from './command-line/completion-command.ts';
import { addConfigCommand } from './command-line/config-command.ts';
import { addCostCommands, type Run } from './command-line/cost-commands.ts';
import { addKeysCommand } from './command-line/keys-command.ts';
import { addLearningCommands } from './command-line/learning-commands.ts';
import { addManyOptions, chosenWork, type MainOptions } from './command-line/many-options.ts';
import { positiveInteger } from './command-line/positive-integer.ts';
import { requestOptions } from './command-line/request-options.ts';
import { addSetupCommands } from './command-line/setup-commands.ts';
import type { ServeCommand } from './commands/serve.ts';
import type { PromptOptions } from './prompt/send-prompt.ts';
import { EXIT, exitCodeFor } from './terminal/exit-code.ts';
import { reportError } from './terminal/report-error.ts';
import { terminalWidth } from './terminal/terminal-width.ts';
import { wrapped, wrappedText } from './terminal/wrapped.ts';

const EXAMPLES = `
Examples:
  signalbox "Refactor this legacy codebase"               the model that fits
  signalbox --model claude-opus-4 "Complex task"          this model, no other
  signalbox --provider openai "Task for GPT"              its default model
  signalbox --provider-chain "anthropic,openai" "…"       the first that answers
  echo "What is 2+2?" | signalbox --json                  one JSON object
  signalbox explain "Design a cache"                      who would answer, why
  signalbox --parallel "Review all Python files in src/"  a request per file
  signalbox --compare "anthropic,openai" "…"              the same, side by side
  signalbox serve                                         for other programs
  signalbox costs show                                    what was spent today
  signalbox code                                          Claude Code, routed

Exit codes: 0 answered; 1 failed; 2 wrong usage or configuration; 3 over budget; 130 interrupted.
The answer goes to stdout; what was chosen, used and paid goes to stderr.`;

/** The tree of commands. `run` is given what a command does, and runs it. */
export function createProgram(version: string, run: Run): Command {
  const program = new Command('signalbox');

  addManyOptions(requestOptions(program))
    .optionsGroup('Options:')
    .description('The LLM router: sends each prompt to the model that fits, and says why and what it cost.')
    .version(version, '-V, --version', 'print the version')
    .argument('[prompt...]', 'the prompt; without one it is read from the standard input')
    .option('--explain', 'say what would be done, without a call', false)
    .option('--no-stream', 'wait for the whole answer')
    .option('--no-cache', 'ask anew, whatever is kept; the new answer is kept in its place')
    .option('--json', 'print one JSON object: answer, decision, usage, cost, attempts', false)
    .option('-q, --quiet', 'nothing on stderr but errors', false)
    .option('-v, --verbose', 'show each attempt when a request fails', false)
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText('after', EXAMPLES)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      getOutHelpWidth: () => terminalWidth(process.stdout) ?? 80,
      getErrHelpWidth: () => terminalWidth(process.stderr) ?? 80,
      outputError: (text, write) => write(`${wrapped(usageSentence(text), terminalWidth(process.stderr), '  ')}\n`),
      // Help and nothing else: what stands behind the options is wrapped like them.
      writeOut: (text) => process.stdout.write(wrappedText(text, terminalWidth(process.stdout))),
    })
    // A flag that is off by itself needs no remark.
    .configureHelp({
      // Descriptions are wrapped behind their column also where it leaves them half of a narrow terminal.
      minWidthToWrap: 24,
      // Arguments and options are told by the command's own help; here they would push the descriptions out of a narrow terminal.
      subcommandTerm: (command) => command.name(),
      optionDescription: (option) => new Help().optionDescription(option).replace(/ \(default: (?:false|\[\])\)$/, ''),
    })
    .action((prompt: string[], options: MainOptions) =>
      run(async () => {
        refuseMistypedCommand(prompt, program);
        const work = chosenWork(options);
        if (work === 'many') return (await import('./commands/send-many.ts')).sendMany(prompt, options);
        if (work === 'compare') return (await import('./commands/compare.ts')).compare(prompt, options);
        const { sendPrompt } = await import('./prompt/send-prompt.ts');
        return sendPrompt(prompt, options);
      })(),
    );

  requestOptions(program.command('explain'))
    .description('say to whom a prompt would go and why, without a call')
    .argument('[prompt...]', 'the prompt; without one it is read from the standard input')
    .option('--json', 'print the decision as JSON', false)
    .option('-q, --quiet', 'nothing on stderr but errors', false)
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText('after', '\nExample:\n  signalbox explain --strategy cost_optimized "Fix the typo in the README"')
    .action((prompt: string[], options: Omit<PromptOptions, 'stream' | 'verbose' | 'cache'>) =>
      run(async () => {
        const { sendPrompt } = await import('./prompt/send-prompt.ts');
        return sendPrompt(prompt, { ...options, explain: true, stream: false, cache: false, verbose: false });
      })(),
    );

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
    .option('--host <address>', 'address to listen on; one that others can reach needs keys', '127.0.0.1')
    .addOption(
      new Option('--grace <seconds>', 'how long running answers may take to end when it is told to stop')
        .argParser(integer)
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
    .action((options: ServeCommand) => run(async () => (await import('./commands/serve.ts')).serve(options))());

  addKeysCommand(program, run);
  addCodeCommand(program, run);

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
      run(async () => (await import('./commands/health.ts')).health(options))(),
    );

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
      run(async () => (await import('./commands/simulate.ts')).simulate(options))(),
    );

  program
    .command('models')
    .description('list the models that are known, or search them')
    .argument('[text...]', 'words that the id or name must hold')
    .option('-p, --provider <name>', 'only this provider')
    .option('--all', 'retired models and embeddings too', false)
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExamples:\n  signalbox models sonnet\n  signalbox models --provider openai --json')
    .action((text: string[], options: { provider?: string; all: boolean; json: boolean }) =>
      run(async () => (await import('./commands/models.ts')).models(text, options))(),
    );

  program
    .command('analyze')
    .alias('analyse')
    .description('say what kind of task prompts are and how hard, without a call')
    .argument('[prompt...]', 'the prompt; without one it is read from the standard input')
    .option('--jsonl', 'read lines of {"id", "prompt"} and write one line of JSON for each', false)
    .option('--models <names>', 'expect the quality of these models, separated by commas')
    .addHelpText('after', '\nExamples:\n  signalbox analyze "Prove it"\n  signalbox analyze --jsonl < prompts.jsonl')
    .action((prompt: string[], options: { jsonl: boolean; models?: string }) =>
      run(async () => (await import('./commands/analyze.ts')).analyze(prompt, options))(),
    );

  program
    .command('trust')
    .description("let a project's configuration send your keys to other hosts or run code")
    .argument('[file]', 'the file; without one what the configuration of this folder uses')
    .option('--list', 'list what is trusted')
    .option('--json', 'with --list: print JSON', false)
    .option('--revoke', 'take the trust back')
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox trust\n  signalbox trust --list\n  signalbox trust --revoke .claude-code/router-config.yml',
    )
    .action(
      (file: string | undefined, options: { list?: boolean; revoke?: boolean; config?: string; json?: boolean }) =>
        run(async () => (await import('./commands/trust.ts')).trust(file, options))(),
    );

  addBatchCommand(program, run);
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
      run(async () => (await import('./commands/audit-show.ts')).auditShow(options))(),
    );

  addCostCommands(program, run);
  addLearningCommands(program, run);

  addCacheCommand(program, run);
  addChatCommand(program, run);
  addSetupCommands(program, run);
  addConfigCommand(program, run);
  addCompletionCommand(program, run);

  return program;
}

/** Runs `signalbox WORDS` and says with which code to exit. Never throws. */
export async function runProgram(words: readonly string[], version: string): Promise<number> {
  let exitCode: number = EXIT.success;
  const program = createProgram(version, (action) => async () => {
    exitCode = await action();
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed its own sentence by now; help and version come through here as well.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
    reportError(error, words.includes('--verbose') || words.includes('-v'));
    return exitCodeFor(error);
  }
}

/** Commander's words about a mistake, as a sentence of ours. */
function usageSentence(text: string): string {
  const said = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.?)]$/.test(said) ? '' : '.'}`;
  return `signalbox: ${sentence} See --help.`;
}

/** A single word close to a command's name is more likely a slip than a prompt, and a prompt costs money. */
function refuseMistypedCommand(prompt: readonly string[], program: Command): void {
  const [word] = prompt;
  if (prompt.length !== 1 || word === undefined || /\s/.test(word) || word.length < 4) return;
  const meant = program.commands
    .map((command) => command.name())
    .find((name) => editDistance(word.toLowerCase(), name) === 1);
  if (meant === undefined) return;
  throw new RouterError({
    kind: 'usage',
    message: `"${word}" is no command: did you mean "${meant}"? To send it as a prompt, pipe it in: echo ${word} | signalbox.`,
  });
}

function workers(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64) throw new InvalidArgumentError('It must be 1 to 64.');
  return value;
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('It must be 0 to 65535.');
  return value;
}
