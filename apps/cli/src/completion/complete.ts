import type { Argument, Command, Option } from 'commander';

/** What may stand in a place of the command line. */
type Kind = 'models' | 'providers' | 'strategies' | 'chains' | 'modes' | 'files' | 'conversations';

/** A word that fits, with a few words about it. */
export interface Suggestion {
  readonly value: string;
  readonly about: string;
}

/** Words that fit, or the shell's own file names. */
export interface Completion {
  readonly suggestions: readonly Suggestion[];
  readonly files: boolean;
}

/** Names that are known only when they are needed: they take reading the configuration. */
export type NamesOf = (kind: Exclude<Kind, 'files'>) => Promise<readonly Suggestion[]>;

/** What the values of options and arguments are, by the name in their help. */
const KINDS: Readonly<Record<string, Kind>> = {
  '--model': 'models',
  '--models': 'models',
  '--judge': 'models',
  '--compare': 'providers',
  '--provider': 'providers',
  '--provider-chain': 'providers',
  '--strategy': 'strategies',
  '--chain': 'chains',
  '--mode': 'modes',
  '--resume': 'conversations',
  '--config': 'files',
  '--router-config': 'files',
  '--image': 'files',
  '--file': 'files',
  '--files': 'files',
  '--schema': 'files',
  '--out': 'files',
  '--output': 'files',
  '--html': 'files',
  '--keys-to': 'files',
  file: 'files',
};

/** The last of the words is the one under way, and may be empty. Never runs a command. */
export async function complete(program: Command, words: readonly string[], namesOf: NamesOf): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const { command, waiting, used, given } = walk(program, words.slice(0, -1));
  if (waiting !== undefined) return valuesOf(waiting, current, '', namesOf);
  const assigned = /^(--[\w-]+)=(.*)$/s.exec(current);
  const option = assigned === null ? undefined : findOption(command, assigned[1] ?? '');
  if (option !== undefined) return valuesOf(option, assigned?.[2] ?? '', `${option.long}=`, namesOf);
  if (current.startsWith('-')) return chosen(optionsOf(command, used), current);
  const commands = given === 0 ? command.commands.filter((one) => !isHidden(one)) : [];
  const names = commands.map((one) => ({ value: one.name(), about: firstClause(one.description()) }));
  const argument = command.registeredArguments[Math.min(given, command.registeredArguments.length - 1)];
  if (argument === undefined || (given >= command.registeredArguments.length && !argument.variadic))
    return chosen(names, current);
  const values = await valuesOf(argument, current, '', namesOf);
  return { suggestions: [...chosen(names, current).suggestions, ...values.suggestions], files: values.files };
}

interface Place {
  readonly command: Command;
  /** The option whose value comes next. */
  readonly waiting?: Option | undefined;
  readonly used: ReadonlySet<string>;
  /** Arguments that stand there already. */
  readonly given: number;
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let waiting: Option | undefined;
  let given = 0;
  const used = new Set<string>();
  for (const word of words) {
    if (waiting !== undefined) {
      waiting = undefined;
      continue;
    }
    if (word.startsWith('-') && word !== '-') {
      const option = findOption(command, word);
      if (option === undefined) continue;
      if (option.long !== undefined) used.add(option.long);
      if (option.required) waiting = option;
      continue;
    }
    const next =
      given === 0 ? command.commands.find((one) => one.name() === word || one.aliases().includes(word)) : undefined;
    if (next === undefined) given += 1;
    else {
      command = next;
      used.clear();
    }
  }
  return { command, waiting, used, given };
}

const findOption = (command: Command, flag: string) =>
  command.options.find((one) => one.long === flag || one.short === flag);

function optionsOf(command: Command, used: ReadonlySet<string>): readonly Suggestion[] {
  const own = command.options
    .filter((one) => !one.hidden && one.long != null && (!used.has(one.long) || Array.isArray(one.defaultValue)))
    .map((one) => ({ value: one.long ?? '', about: firstClause(one.description) }));
  return [...own, { value: '--help', about: 'display help' }];
}

async function valuesOf(
  what: Option | Argument,
  current: string,
  prefix: string,
  namesOf: NamesOf,
): Promise<Completion> {
  if (what.argChoices !== undefined) {
    return chosen(
      what.argChoices.map((value) => ({ value: `${prefix}${value}`, about: '' })),
      `${prefix}${current}`,
    );
  }
  const kind = KINDS['long' in what ? (what.long ?? '') : what.name()];
  if (kind === undefined) return { suggestions: [], files: false };
  if (kind === 'files') return { suggestions: [], files: true };
  // Of a list only the last name is under way.
  const isList = 'long' in what && ['--provider-chain', '--models', '--compare'].includes(what.long ?? '');
  const before = isList ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  const names = await namesOf(kind);
  const whole = names.map(({ value, about }) => ({ value: `${prefix}${before}${value}`, about }));
  return chosen(whole, `${prefix}${current}`);
}

function chosen(all: readonly Suggestion[], current: string): Completion {
  return { suggestions: all.filter(({ value }) => value.startsWith(current)), files: false };
}

/** Commander keeps this to itself. */
const isHidden = (command: Command) => (command as unknown as { _hidden?: boolean })._hidden === true;

/** Enough to tell words apart, and short enough for a line of a list. */
function firstClause(text: string): string {
  const clause = text.split(/[:;]/)[0] ?? '';
  return clause.length <= 60 ? clause : `${clause.slice(0, clause.lastIndexOf(' ', 59))} …`;
}
