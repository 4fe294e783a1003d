import { RouterError } from '@signalbox/core';
import type { Command } from 'commander';

/** Options that stand before a command are meant for it. Throws RouterError `usage` where it has no such option. */
export function handDownOptions(program: Command, command: Command): void {
  if (command === program) return;
  for (const option of program.options) {
    const name = option.attributeName();
    if (program.getOptionValueSource(name) !== 'cli') continue;
    if (!command.options.some((own) => own.attributeName() === name)) {
      const words = nameOf(command);
      const message = `${option.long ?? option.flags} stands before "${words}", which has no such option. See signalbox ${words} --help.`;
      throw new RouterError({ kind: 'usage', message });
    }
    if (command.getOptionValueSource(name) === 'cli') continue;
    command.setOptionValueWithSource(name, program.getOptionValue(name), 'cli');
  }
}

/** `costs show`: the words of a command behind the program's own. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}
