import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ChatCommand } from '../commands/chat.ts';
import type { Run } from './cost-commands.ts';

/** Adds `signalbox chat`. */
export function addChatCommand(program: Command, run: Run): void {
  program
    .command('chat')
    .description('hold a conversation, each turn routed; from a pipe one line is one turn')
    .option('-m, --model <name>', 'this model: an id, an alias such as anthropic.sonnet, or auto')
    .option('-p, --provider <name>', "this provider's default model")
    .option('-s, --strategy <name>', 'route by this strategy')
    .option('--mode <name>', "the model and sampling of the configuration's quality_mode, balanced_mode or speed_mode")
    .option('--chain <name>', 'try the models of this chain of the configuration in their order')
    .option('--provider-chain <names>', 'try these providers or models in their order, separated by commas')
    .option('--private', 'only local providers: nothing leaves this machine or network')
    .option('--system <text>', 'a system prompt')
    .addOption(new Option('--max-tokens <count>', 'tokens of each answer at most').argParser(count))
    .addOption(new Option('--temperature <number>', 'sampling temperature, 0 to 2').argParser(temperature))
    .option('--resume [id]', 'go on with a kept conversation: the latest, or the one that begins so')
    .option('--store', 'keep the conversation in ~/.claude-code/chats (chat.store does it for all)')
    .option('--no-store', 'keep nothing')
    .option('--list', 'list the conversations that are kept', false)
    .option('--json', 'with --list: print JSON', false)
    .option('--no-stream', 'wait for each whole answer')
    .option('--no-cache', 'ask anew, whatever is kept')
    .option('-q, --quiet', 'nothing on stderr but errors', false)
    .option('-v, --verbose', 'show each attempt when a request fails', false)
    .option('-c, --config <file>', 'use this configuration file')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox chat\n  signalbox chat --model claude-opus-4 --store\n  signalbox chat --resume\n  printf "My name is Ada.\\nWhat is my name?\\n" | signalbox chat --quiet\n\nInside: /model, /strategy, /cost, /explain, /retry, /save, /forget, /clear, /help, /quit. Ctrl-C stops an answer, a second one leaves.\nNothing is kept unless you say so; what is kept is readable for you alone and forgotten after chat.retention (30d).',
    )
    .action((options: ChatCommand & { list: boolean; json: boolean }) =>
      run(async () => {
        if (options.list) return (await import('../commands/chat-list.ts')).listChats(options);
        return (await import('../commands/chat.ts')).chat(options);
      })(),
    );
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

function temperature(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 2)) throw new InvalidArgumentError('It must be 0 to 2.');
  return value;
}
