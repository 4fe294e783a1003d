import {
  aListOf,
  aNumber,
  anObject,
  aRecordOf,
  type Candidate,
  type Complexity,
  type OptionRule,
  type OptionRules,
  type QualityEstimate,
  requireOptions,
  type TaskProfile,
  type TaskType,
} from '@signalbox/core';
import { ABILITY_TABLE, type AbilityRow } from './ability-table.ts';

/** How able a model is, 0 to 1; by kind of task where it differs, `any` for the rest. */
export type OwnAbility = number | Readonly<Partial<Record<TaskType | 'any', number>>>;

/** Whose word on the ability of models holds. */
export interface ExpectedQualityOptions {
  /** A person's own figures, by any name of a model: they come before the table. */
  readonly abilities?: Readonly<Record<string, OwnAbility>> | undefined;
  /** Instead of `ABILITY_TABLE`. */
  readonly table?: readonly AbilityRow[] | undefined;
}

const SHARE = aNumber(0, 1);
const BY_KIND = aRecordOf(SHARE, 'an object of numbers from 0 to 1 by kind of task');
const AN_ABILITY: OptionRule = {
  what: 'a number from 0 to 1, or such numbers by kind of task',
  holds: (value) => SHARE.holds(value) || BY_KIND.holds(value),
  inside: (value) => BY_KIND.inside?.(value) ?? [],
};
const RULES: OptionRules<ExpectedQualityOptions> = {
  abilities: aRecordOf(AN_ABILITY, 'an object of abilities by the names of models'),
  table: aListOf(anObject('a row, such as those of ABILITY_TABLE'), 'a list of rows, such as ABILITY_TABLE'),
};

/** What work demands by its complexity: of a model of this ability half of the quality is expected. */
export const DEMAND: Readonly<Record<Complexity, number>> = { low: 0.15, medium: 0.45, high: 0.75 };

/** How much the measured difficulty of the question itself moves the demand, from its easiest to its hardest. */
const DIFFICULTY_SHARE = 0.03;
/** How fast what is missing to perfect quality shrinks where the ability passes the demand. */
const STEEPNESS = 13;
/** Of a model that the work is far beyond. */
const LEAST_QUALITY = 0.02;

/**
 * Expected quality, 0 to 1, from the model's ability (a person's own figure, else the table's, else a guess by price or size) and the task's
 * demand (by complexity, and a little by difficulty):
 *
 *     ability ≥ demand:  1 − ½ · e^(−13 · (ability − demand))
 *     ability < demand:  ½ − (demand − ability), at least 0.02
 *
 * So a model that is a little above what the work demands is nearly as good as one far above it, and below it every bit counts. Throws RouterError `configuration` for a
 * bad option.
 *
 * @example
 * ```ts
 * const quality = createExpectedQuality({ abilities: { 'anthropic.haiku': { any: 0.6, code_generation: 0.7 } } });
 * ```
 */
export function createExpectedQuality(options: ExpectedQualityOptions = {}): QualityEstimate {
  requireOptions('createExpectedQuality', options, RULES);
  const { abilities = {}, table = ABILITY_TABLE } = options;
  const known = new WeakMap<Candidate, Ability>();
  return {
    expect(candidate, task) {
      let ability = known.get(candidate);
      if (ability === undefined) {
        ability = findAbility(candidate, abilities, table);
        known.set(candidate, ability);
      }
      return qualityFor(ability.types?.[task.type] ?? ability.any, task);
    },
  };
}

/** The formula. */
function qualityFor(ability: number, task: Pick<TaskProfile, 'complexity' | 'difficulty'>): number {
  const demand = DEMAND[task.complexity] + DIFFICULTY_SHARE * (task.difficulty - 0.5);
  const surplus = ability - demand;
  return surplus >= 0 ? 1 - Math.exp(-STEEPNESS * surplus) / 2 : Math.max(LEAST_QUALITY, 0.5 + surplus);
}

interface Ability {
  readonly any: number;
  readonly types?: Readonly<Partial<Record<TaskType, number>>> | undefined;
}

function findAbility(
  candidate: Candidate,
  own: Readonly<Record<string, OwnAbility>>,
  table: readonly AbilityRow[],
): Ability {
  const row = table.find(({ model }) => model.test(candidate.facts.id.toLowerCase()));
  const listed: Ability = row === undefined ? { any: guessAbility(candidate) } : { any: row.ability, types: row.types };
  const name = [candidate.id, ...candidate.names].find((one) => Object.hasOwn(own, one));
  const said = name === undefined ? undefined : own[name];
  if (said === undefined) return listed;
  if (typeof said === 'number') return { any: said };
  const { any, ...types } = said;
  return { any: any ?? listed.any, types: { ...(any === undefined ? listed.types : {}), ...types } };
}

/** Dollars for a million tokens of output at which models of our time begin, and an ability to go with it. */
const CHEAP = { price: 0.4, ability: 0.3 };
const ABILITY_PER_TENFOLD_PRICE = 0.26;
/** Of a model without price or size. */
const UNKNOWN_ABILITY = 0.4;

/** A model that nobody has placed: by what its output costs, or, where it costs nothing, by the size in its name. */
function guessAbility(candidate: Pick<Candidate, 'facts' | 'model'>): number {
  const price = (candidate.facts.prices.at(-1)?.output ?? 0) / 1e9;
  if (price > 0) {
    return clamp(CHEAP.ability + ABILITY_PER_TENFOLD_PRICE * Math.log10(price / CHEAP.price));
  }
  const billions = /(?:^|[^0-9.])(\d{1,4}(?:\.\d)?)b(?![a-z0-9])/i.exec(candidate.model)?.[1];
  // 7b: 0.3; 70b: 0.5; 400b: 0.65.
  return billions === undefined ? UNKNOWN_ABILITY : clamp(0.13 + 0.2 * Math.log10(Number(billions)));
}

const clamp = (ability: number) => Math.min(0.9, Math.max(0.1, ability));
