import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.ts';

const program = createProgram('0.0.0', () => async () => undefined);

interface Place {
  readonly path: string;
  readonly command: Command;
}

function commandsOf(command: Command, path: string): readonly Place[] {
  return [{ path, command }, ...command.commands.flatMap((one) => commandsOf(one, `${path} ${one.name()}`))];
}

const all = commandsOf(program, 'signalbox');
/** What does something by itself: a group with a default command is that command. */
const doing = all.filter(({ command }) => command.commands.length === 0 || command === program);

/** Commands without a table, and why they need no --json. */
const NO_TABLE: Readonly<Record<string, string>> = {
  'signalbox code': "the client's own output",
  'signalbox serve': 'logs lines of JSON',
  'signalbox simulate': 'serves until it is stopped',
  'signalbox completion': 'prints a script',
  'signalbox analyze': 'prints JSON anyway',
  'signalbox cache clear': 'says one sentence',
  'signalbox keys revoke': 'says one sentence',
  'signalbox config schema': 'prints JSON anyway',
  'signalbox config init': 'says one sentence',
  'signalbox costs export': 'has --format',
  'signalbox costs prune': 'says one sentence',
};

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (piece) => (text += piece) }).outputHelp();
  return text;
}

describe.each(doing)('$path', ({ path, command }) => {
  it('has a description and examples of itself', () => {
    const help = helpOf(command);
    expect(command.description()).toMatch(/^.{10,}[^.]$|LLM router/);
    const examples = /^Examples?:\n((?: {2}.*\n?)+)/m.exec(help)?.[1] ?? '';
    expect(examples).toContain(path);
  });

  it('prints JSON where it has a table', () => {
    const long = command.options.map((option) => option.long);
    if (Object.hasOwn(NO_TABLE, path)) expect(long).not.toContain('--json');
    else expect(long).toContain('--json');
  });

  it('says of each option what it is, in a clause', () => {
    for (const option of command.options) expect(option.description, option.flags).toMatch(/^\S.{2,}(?:[^.]|\.\.\.)$/);
  });
});

it('groups say what is in them', () => {
  for (const { command, path } of all) expect(command.description(), path).not.toBe('');
});

it('no option means two things', () => {
  const meanings = new Map<string, Set<string>>();
  for (const { command } of doing) {
    for (const { short, long } of command.options) {
      if (short) meanings.set(short, (meanings.get(short) ?? new Set()).add(long ?? ''));
    }
  }
  // -o is --out of a file and --output of a table of costs, which came first.
  const ambiguous = [...meanings].filter(([, longs]) => longs.size > 1).map(([short]) => short);
  expect(ambiguous.filter((short) => short !== '-o')).toEqual([]);
});

describe('the tree where the first word is known', () => {
  it.each(program.commands.map((command) => command.name()))('has %s as the whole tree has it', (name) => {
    const alone = createProgram('0.0.0', () => async () => undefined, name);
    const paths = commandsOf(alone, 'signalbox').map(({ path }) => path);
    const own = all.map(({ path }) => path).filter((path) => `${path} `.startsWith(`signalbox ${name} `));
    expect(paths).toEqual(expect.arrayContaining(['signalbox', ...own]));
    const [one, other] = [alone, program].map((tree) => tree.commands.find((command) => command.name() === name));
    if (one === undefined || other === undefined) throw new Error(`there is no ${name}`);
    expect(helpOf(one)).toBe(helpOf(other));
  });

  it('is the whole tree where that is no command', () => {
    const paths = commandsOf(
      createProgram('0.0.0', () => async () => undefined, 'What is a monad?'),
      'signalbox',
    );
    expect(paths.map(({ path }) => path)).toEqual(all.map(({ path }) => path));
  });
});
