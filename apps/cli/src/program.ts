import { editDistance, RouterError } from '@signalbox/core';
import { Command, CommanderError, Help } from 'commander';
import { addAnalyzeCommand, addExplainCommand, addModelsCommand } from './command-line/asking-commands.ts';
import { addBatchCommand } from './command-line/batch-commands.ts';
import { addCacheCommand } from './command-line/cache-command.ts';
import { addChatCommand } from './command-line/chat-command.ts';
import { addCodeCommand } from './command-line/code-command.ts';
import { addCompletionCommand } from './command-line/completion-command.ts';
import { addConfigCommand } from './command-line/config-command.ts';
import { addCostsCommand, addReplayCommand, addStatsCommand, type Run } from './command-line/cost-commands.ts';
import { handDownOptions } from './command-line/hand-down-options.ts';
import { addKeysCommand } from './command-line/keys-command.ts';
import { addLearningCommands } from './command-line/learning-commands.ts';
import { addManyOptions, chosenWork, type MainOptions } from './command-line/many-options.ts';
import { requestOptions } from './command-line/request-options.ts';
import { addHealthCommand, addServeCommand, addSimulateCommand } from './command-line/serving-commands.ts';
import { addSetupCommands } from './command-line/setup-commands.ts';
import { addAuditCommand, addTrustCommand } from './command-line/trust-commands.ts';
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

/** The commands in the order of the help, and who adds them to the program. */
const GROUPS: readonly { readonly names: readonly string[]; readonly add: (program: Command, run: Run) => void }[] = [
  { names: ['explain'], add: addExplainCommand },
  { names: ['serve'], add: addServeCommand },
  { names: ['keys'], add: addKeysCommand },
  { names: ['code'], add: addCodeCommand },
  { names: ['health'], add: addHealthCommand },
  { names: ['simulate'], add: addSimulateCommand },
  { names: ['models'], add: addModelsCommand },
  { names: ['analyze', 'analyse'], add: addAnalyzeCommand },
  { names: ['trust'], add: addTrustCommand },
  { names: ['batch'], add: addBatchCommand },
  { names: ['audit'], add: addAuditCommand },
  { names: ['costs'], add: addCostsCommand },
  { names: ['replay'], add: addReplayCommand },
  { names: ['stats'], add: addStatsCommand },
  { names: ['feedback', 'learn'], add: addLearningCommands },
  { names: ['cache'], add: addCacheCommand },
  { names: ['chat'], add: addChatCommand },
  { names: ['init', 'doctor'], add: addSetupCommands },
  { names: ['config'], add: addConfigCommand },
  { names: ['completion'], add: addCompletionCommand },
];

/**
 * The tree of commands. `run` is given what a command does, and runs it. `first` is the first word of the command line, where it is known: no command but the one of that name
 * is made then.
 */
export function createProgram(version: string, run: Run, first?: string): Command {
  const only = GROUPS.find(({ names }) => names.includes(first ?? ''));
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
    .hook('preAction', handDownOptions)
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

  for (const { add } of only === undefined ? GROUPS : [only]) add(program, run);
  return program;
}

/** Runs `signalbox WORDS` and says with which code to exit. Never throws. */
export async function runProgram(words: readonly string[], version: string): Promise<number> {
  let exitCode: number = EXIT.success;
  const program = createProgram(
    version,
    (action) => async () => {
      exitCode = await action();
    },
    words[0],
  );
  try {
    refuseUnknownCommand(words, program);
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

/**
 * A word behind the name of a group of commands that is none of them. Commander would take it for an argument of the command that a group stands for by itself, and say that this
 * one has too many.
 */
function refuseUnknownCommand([first, word]: readonly string[], program: Command): void {
  const group = program.commands.find((command) => command.name() === first);
  if (group === undefined || group.commands.length === 0 || group.registeredArguments.length > 0) return;
  if (word === undefined || word === 'help' || word.startsWith('-')) return;
  const names = group.commands.map((command) => command.name());
  if (names.includes(word)) return;
  const meant = names.find((name) => editDistance(word.toLowerCase(), name) <= 2);
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  const known = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  throw new RouterError({
    kind: 'usage',
    message: `"${word}" is no command of ${group.name()}: use ${known}.${hint} See --help.`,
  });
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
