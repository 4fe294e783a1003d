import { RouterError } from '@signalbox/core';
import { type Command, Option } from 'commander';
import type { CompareOptions } from '../commands/compare.ts';
import type { ManyOptions } from '../commands/send-many.ts';
import type { PromptOptions } from '../prompt/send-prompt.ts';
import { positiveInteger } from './positive-integer.ts';

/** What the program's own command takes beside the options of a prompt. */
export type MainOptions = PromptOptions & ManyOptions & CompareOptions;

const gather = (word: string, words: readonly string[] = []) => [...words, word];

/** The options of work on many files and of comparisons. */
export function addManyOptions(command: Command): Command {
  return command
    .optionsGroup('Many files or prompts:')
    .option('--parallel', 'ask about each file that the sentence names ("Review all Python files in src/")')
    .option('--files <pattern>', 'these files instead; "!pattern" leaves some out (repeatable)', gather)
    .option('--join', 'put several files or prompts into one request and split the answer')
    .addOption(
      new Option('--join-size <count>', 'files of one request at most (default: 10)').argParser(positiveInteger),
    )
    .addOption(
      new Option('--parallel-requests <count>', 'requests at once (default: parallel_requests, else 4)').argParser(
        positiveInteger,
      ),
    )
    .option('--out <folder>', 'write a file for each answer there')
    .option('--dry-run', 'print the plan and the estimated cost, and send nothing')
    .option('--fresh', 'ask anew what an unfinished earlier run answered')
    .optionsGroup('Comparing:')
    .option('--compare <names>', 'ask these providers or models the same, side by side, separated by commas')
    .option('--judge <model>', 'let this model judge the answers of a comparison')
    .option('--html <file>', 'write the comparison into a page that can be shared');
}

const ONLY_WITH: readonly (readonly [
  option: keyof MainOptions,
  flag: string,
  needs: readonly (keyof MainOptions)[],
])[] = [
  ['files', '--files', ['parallel', 'join']],
  ['joinSize', '--join-size', ['join']],
  ['out', '--out', ['parallel', 'join']],
  ['dryRun', '--dry-run', ['parallel', 'join']],
  ['fresh', '--fresh', ['parallel', 'join']],
  ['parallelRequests', '--parallel-requests', ['parallel', 'join', 'compare']],
  ['judge', '--judge', ['compare']],
  ['html', '--html', ['compare']],
];

/** Which work the options ask for. Throws RouterError `usage` where they don't go together. */
export function chosenWork(options: MainOptions): 'prompt' | 'many' | 'compare' {
  const many = options.parallel === true || options.join === true;
  if (many && options.compare !== undefined)
    throw new RouterError({
      kind: 'usage',
      message: '--compare asks several models one thing, --parallel and --join one model many: use one of them.',
    });
  for (const [option, flag, needs] of ONLY_WITH) {
    const given = options[option];
    if (given === undefined || given === false || needs.some((one) => options[one] !== undefined)) continue;
    const others = needs.map((one) => `--${one}`).join(' or ');
    throw new RouterError({
      kind: 'usage',
      message: `${flag} says something about ${others}: add one of them, or leave it out.`.replace(
        'add one of them',
        needs.length > 1 ? 'add one of them' : 'add it',
      ),
    });
  }
  if (options.explain === true && (many || options.compare !== undefined)) {
    const instead = many ? '--dry-run prints the plan' : 'explain each model by itself';
    throw new RouterError({ kind: 'usage', message: `--explain is about one prompt: ${instead}.` });
  }
  return many ? 'many' : options.compare !== undefined ? 'compare' : 'prompt';
}
