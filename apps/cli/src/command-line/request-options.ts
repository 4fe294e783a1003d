import { type Command, InvalidArgumentError, Option } from 'commander';
import { positiveInteger } from './positive-integer.ts';

/** The options that say what is sent and by which route. */
export function requestOptions(command: Command): Command {
  return command
    .option('-m, --model <name>', 'this model: an id, an alias such as anthropic.sonnet, or auto')
    .option('-p, --provider <name>', "this provider's default model")
    .option('-s, --strategy <name>', 'route by this strategy: best_for_task, cost_optimized, performance_optimized, …')
    .option('--mode <name>', "the model and sampling of the configuration's quality_mode, balanced_mode or speed_mode")
    .option('--chain <name>', 'try the models of this chain of the configuration in their order')
    .option('--provider-chain <names>', 'try these providers or models in their order, separated by commas')
    .option('--private', 'only local providers: nothing leaves this machine or network')
    .option('--system <text>', 'a system prompt')
    .addOption(new Option('--max-tokens <count>', 'tokens of output at most').argParser(positiveInteger))
    .addOption(new Option('--temperature <number>', 'sampling temperature, 0 to 2').argParser(temperature))
    .option('--image <file>', 'add an image (repeatable)', gather, [])
    .option('--file <file>', 'add a text file, PDF or image, or those that a pattern matches (repeatable)', gather, [])
    .option('--schema <file>', 'the answer must fit this JSON Schema; exit code 1 where it does not');
}

const gather = (word: string, words: readonly string[]) => [...words, word];

function temperature(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 2)) throw new InvalidArgumentError('It must be 0 to 2.');
  return value;
}
