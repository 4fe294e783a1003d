import { editDistance } from './edit-distance.ts';
import { RouterError } from './errors.ts';
import type { Need, Strategy } from './strategy.ts';

/** What a value of an option has to be: the words behind "must be", and whether it is. */
export interface OptionRule {
  /** `a number from 0 to 1`. */
  readonly what: string;
  readonly holds: (value: unknown) => boolean;
  /** What is inside of it that has to hold to a rule of its own, so that it is said which of them does not. */
  readonly inside?: (value: unknown) => Iterable<OptionPart>;
}

/** A part of an option: `[1]` of a list, `.openai` of an object. */
export interface OptionPart {
  readonly path: string;
  readonly value: unknown;
  readonly rule: OptionRule;
}

/** A rule for each option of a public function, so that none is forgotten where one is added. */
export type OptionRules<Options> = { readonly [Name in keyof Required<Options>]: OptionRule };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isRecord = (value: unknown): value is object => isObject(value) && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);

/** A number from `least` to `most`, both included; `unit` is said behind it: `of milliseconds`. Infinity is one where there is no `most`. */
export function aNumber(least: number, most = Number.POSITIVE_INFINITY, unit = ''): OptionRule {
  const behind = unit === '' ? '' : ` ${unit}`;
  const range = Number.isFinite(most)
    ? ` from ${least} to ${most}`
    : Number.isFinite(least)
      ? `, ${least} or more`
      : '';
  return { what: `a number${behind}${range}`, holds: (value) => isNumber(value) && value >= least && value <= most };
}

/** The same in whole numbers. */
export function aCount(least: number, most = Number.POSITIVE_INFINITY, unit = ''): OptionRule {
  const { what, holds } = aNumber(least, most, unit);
  return {
    what: what.replace('a number', 'a whole number'),
    holds: (value) => Number.isSafeInteger(value) && holds(value),
  };
}

/** `true` or `false`. */
export const aBoolean: OptionRule = { what: 'true or false', holds: (value) => typeof value === 'boolean' };

/** A text of at least one character; `what` says of what kind. */
export function aText(what = 'a text'): OptionRule {
  return { what, holds: (value) => typeof value === 'string' && value !== '' };
}

/** Any text, one without characters among them: what comes from elsewhere may be empty. */
export const anyText: OptionRule = { what: 'a text', holds: (value) => typeof value === 'string' };

/** A function; `what` says which. */
export function aFunction(what = 'a function'): OptionRule {
  return { what, holds: (value) => typeof value === 'function' };
}

/** One of some words. */
export function oneOf(words: readonly string[]): OptionRule {
  return { what: `one of ${words.join(', ')}`, holds: (value) => words.some((word) => word === value) };
}

/** A list whose members hold to a rule. */
export function aListOf(member: OptionRule, what: string, least = 0): OptionRule {
  return {
    what,
    holds: (value) => Array.isArray(value) && value.length >= least && value.every(member.holds),
    inside: (value) =>
      Array.isArray(value) && value.length >= least
        ? value.map((one: unknown, place) => ({ path: `[${place}]`, value: one, rule: member }))
        : [],
  };
}

/** An object whose values hold to a rule, whatever their names; absent values are none. */
export function aRecordOf(member: OptionRule, what: string): OptionRule {
  const valuesOf = (value: unknown) =>
    (isRecord(value) ? Object.entries(value) : []).filter(([, one]) => one !== undefined);
  return {
    what,
    holds: (value) => isRecord(value) && valuesOf(value).every(([, one]) => member.holds(one)),
    inside: (value) => valuesOf(value).map(([name, one]) => ({ path: `.${name}`, value: one, rule: member })),
  };
}

/** An object that has these methods: an implementation of a port. */
export function aPort(what: string, methods: readonly string[]): OptionRule {
  return {
    what,
    holds: (value) =>
      isObject(value) && methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
  };
}

/** An object, checked elsewhere or by nobody. */
export function anObject(what = 'an object'): OptionRule {
  return { what, holds: isRecord };
}

const NEEDS: ReadonlySet<string> = new Set<Need>(['task', 'quality', 'latency', 'cost', 'prompt']);

/** A strategy, whoever wrote it. */
export const aStrategy: OptionRule = {
  what: `a strategy with a name, needs (of ${[...NEEDS].join(', ')}) and rank, such as bestForTask() of @signalbox/strategies gives`,
  holds: (value) => {
    const { name, needs, rank } = (isObject(value) ? value : {}) as Partial<Strategy>;
    return (
      typeof name === 'string' &&
      typeof rank === 'function' &&
      Array.isArray(needs) &&
      needs.every((one) => NEEDS.has(one))
    );
  },
};

/**
 * Throws RouterError `configuration` where what a program without types passes to a public function can't be meant: options that are no object, one that
 * there is not, one of the wrong kind or out of its range, or none where it is `required`. Values are not repeated but for numbers, since a key may stand in a wrong place.
 *
 * @example
 * ```ts
 * requireOptions('costOptimized', { minQuality: 80 }, { minQuality: aNumber(0, 1) });
 * // costOptimized: minQuality is 80, and must be a number from 0 to 1.
 * ```
 */
export function requireOptions<Options>(
  caller: string,
  options: Options,
  rules: OptionRules<Options>,
  required: readonly (keyof Options & string)[] = [],
): void {
  const wrong = wrongOption(options, rules as Readonly<Record<string, OptionRule>>, required);
  if (wrong !== undefined) throw new RouterError({ kind: 'configuration', message: `${caller}: ${wrong}` });
}

function wrongOption(
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
  required: readonly string[],
): string | undefined {
  if (options !== undefined && !isRecord(options)) {
    return `the options are ${described(options)}, and must be an object.`;
  }
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const name of required) {
    if (given[name] === undefined) return `${name} is missing, and must be ${rules[name]?.what}.`;
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(rules, name)) {
      if (value !== undefined) return unknownOption(name, Object.keys(rules));
      continue;
    }
    const rule = rules[name];
    if (value !== undefined && rule !== undefined && !rule.holds(value)) return wrongPart({ path: name, value, rule });
  }
  return undefined;
}

/** What is wrong, as far inside as it can be told. */
function wrongPart({ path, value, rule }: OptionPart): string {
  for (const part of rule.inside?.(value) ?? []) {
    if (!part.rule.holds(part.value)) return wrongPart({ ...part, path: `${path}${part.path}` });
  }
  return `${path} is ${described(value)}, and must be ${rule.what}.`;
}

function unknownOption(name: string, known: readonly string[]): string {
  const distance = (one: string) => editDistance(name.toLowerCase(), one.toLowerCase());
  const nearest = name.length > 64 ? undefined : known.toSorted((one, other) => distance(one) - distance(other))[0];
  const meant = nearest !== undefined && distance(nearest) <= Math.max(1, Math.floor(name.length / 3));
  const all = `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}.`;
  const remedy = meant ? `did you mean ${nearest}?` : all;
  return `there is no option "${name.slice(0, 64)}"; ${remedy}`;
}

function described(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === '') return 'empty';
  const kind = typeof value;
  return kind === 'string' ? 'a text' : kind === 'object' ? 'an object' : kind === 'undefined' ? kind : `a ${kind}`;
}
