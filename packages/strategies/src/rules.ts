import {
  aCount,
  aFunction,
  aListOf,
  anObject,
  aStrategy,
  aText,
  type Candidate,
  type Complexity,
  type Need,
  type OptionRules,
  oneOf,
  type RankedCandidate,
  type Removal,
  requireOptions,
  type Snapshot,
  type Strategy,
  TASK_TYPES,
  type TaskType,
} from '@signalbox/core';
import { answersTo } from './answers-to.ts';
import { expectedLatencyMs } from './expected-latency.ts';
import { names } from './strategy-options.ts';

/** Conditions that must all hold, and who is asked then. A rule without a condition always holds. */
export interface Rule {
  /** What the decision calls it, and what uses are counted by: `task_complexity high`. */
  readonly name: string;
  readonly taskType?: TaskType | undefined;
  readonly taskComplexity?: Complexity | undefined;
  /** Asked about the last user turn. Must take time linear in the text. */
  readonly matches?: ((text: string) => boolean) | undefined;
  /** A name of a candidate: `anthropic.opus`. */
  readonly model: string;
  /** Names of those who are asked after it. */
  readonly fallback?: readonly string[] | undefined;
  /** After so many uses in a day (`Snapshot.ruleUses`) the rule is passed over. */
  readonly maxDailyUses?: number | undefined;
}

/** Rules in their order. */
export interface RuleOptions {
  /** In this order; the first that holds and can be followed decides. */
  readonly rules: readonly Rule[];
  /** Ids of candidates that are there only because a rule names them: no other choice falls on them. */
  readonly onlyByRule?: ReadonlySet<string> | undefined;
}

const RULE_RULES: OptionRules<Rule> = {
  name: aText(),
  taskType: oneOf(TASK_TYPES),
  taskComplexity: oneOf(['low', 'medium', 'high'] satisfies readonly Complexity[]),
  matches: aFunction('a function that says whether a prompt fits'),
  model: aText("a candidate's name, such as anthropic.opus"),
  fallback: names,
  maxDailyUses: aCount(0),
};
const RULES: OptionRules<RuleOptions> = {
  rules: aListOf(
    anObject(),
    "a list of rules, such as [{ name: 'hard', taskComplexity: 'high', model: 'anthropic.opus' }]",
  ),
  onlyByRule: { what: 'a set of ids', holds: (value) => value instanceof Set },
};

/** Throws RouterError `configuration` where rules can't be meant as they are. */
function requireRules(caller: string, options: RuleOptions): void {
  requireOptions(caller, options, RULES, ['rules']);
  for (const [place, rule] of options.rules.entries()) {
    requireOptions(`${caller} rules[${place}]`, rule, RULE_RULES, ['name', 'model']);
  }
}

/**
 * Asks rules before a strategy: the model of the first rule that holds stands first, its fallbacks behind it, then everybody else as
 * the strategy orders them. A rule whose uses are spent, or whose models are all out, is passed over, and the reason says so.
 * Throws RouterError `configuration` on a rule that is wrong.
 */
export function withRules(strategy: Strategy, options: RuleOptions): Strategy {
  requireOptions('withRules', { strategy }, { strategy: aStrategy }, ['strategy']);
  requireRules('withRules', options);
  const { rules, onlyByRule } = options;
  if (rules.length === 0) return strategy;
  return {
    name: strategy.name,
    needs: [...new Set([...strategy.needs, ...rules.flatMap(needsOf)])],
    rank(candidates, snapshot) {
      const passed: string[] = [];
      for (const rule of rules) {
        if (!holds(rule, snapshot)) continue;
        const spent = (snapshot.ruleUses?.get(rule.name) ?? 0) >= (rule.maxDailyUses ?? Number.POSITIVE_INFINITY);
        const chosen = spent ? [] : chosenBy(rule, candidates, snapshot);
        if (chosen.length === 0) {
          passed.push(
            `"${rule.name}" ${spent ? `has had its ${rule.maxDailyUses} uses today` : 'names nobody who is left'}`,
          );
          continue;
        }
        const ids = new Set(chosen.map((one) => one.candidate.id));
        const others = rest(candidates.filter(({ id }) => !ids.has(id)));
        const ranking = strategy.rank(others.kept, snapshot);
        return {
          order: [...chosen, ...ranking.order],
          reason: withPassed(`the rule "${rule.name}"`, passed),
          removed: [...others.removed, ...(ranking.removed ?? [])],
          rule: rule.name,
        };
      }
      const others = rest(candidates);
      const ranking = strategy.rank(others.kept, snapshot);
      return {
        ...ranking,
        reason: withPassed(ranking.reason, passed),
        removed: [...others.removed, ...(ranking.removed ?? [])],
      };
    },
  };

  function rest(candidates: readonly Candidate[]): { kept: readonly Candidate[]; removed: Removal[] } {
    if (onlyByRule === undefined) return { kept: candidates, removed: [] };
    const kept = candidates.filter(({ id }) => !onlyByRule.has(id));
    const removed = candidates
      .filter(({ id }) => onlyByRule.has(id))
      .map(({ id }): Removal => ({ candidate: id, kind: 'not-in-strategy', reason: 'only a rule chooses it' }));
    return { kept, removed };
  }
}

/** Rules, and who decides where none holds. */
export interface CustomRulesOptions extends RuleOptions {
  /** Orders the candidates where no rule holds, and those behind a rule's own. */
  readonly otherwise: Strategy;
}

/** Rules, and another strategy where none of them holds. */
export function customRules({ otherwise, ...options }: CustomRulesOptions): Strategy {
  requireOptions('customRules', { otherwise }, { otherwise: aStrategy }, ['otherwise']);
  requireRules('customRules', options);
  const saying: Strategy = {
    ...otherwise,
    rank(candidates, snapshot) {
      const ranking = otherwise.rank(candidates, snapshot);
      return { ...ranking, reason: `no rule holds; ${ranking.reason}` };
    },
  };
  return { ...withRules(saying, options), name: 'custom_rules' };
}

function needsOf(rule: Rule): readonly Need[] {
  const task = rule.taskType !== undefined || rule.taskComplexity !== undefined;
  return [...(task ? (['task'] as const) : []), ...(rule.matches === undefined ? [] : (['prompt'] as const))];
}

function holds(rule: Rule, { task, prompt }: Snapshot): boolean {
  if (rule.taskType !== undefined && rule.taskType !== task?.type) return false;
  if (rule.taskComplexity !== undefined && rule.taskComplexity !== task?.complexity) return false;
  return rule.matches === undefined || rule.matches(prompt ?? '');
}

function chosenBy(rule: Rule, candidates: readonly Candidate[], snapshot: Snapshot): readonly RankedCandidate[] {
  const chosen = new Map<string, RankedCandidate>();
  for (const name of [rule.model, ...(rule.fallback ?? [])]) {
    for (const candidate of candidates) {
      if (chosen.has(candidate.id) || !answersTo(candidate, name)) continue;
      const place = name === rule.model ? 'named by' : 'fallback of';
      chosen.set(candidate.id, {
        candidate,
        latencyMs: expectedLatencyMs(candidate, snapshot),
        reason: `${place} the rule "${rule.name}"`,
      });
    }
  }
  return [...chosen.values()];
}

function withPassed(reason: string, passed: readonly string[]): string {
  return passed.length === 0 ? reason : `${reason}; the rule ${passed.join(', the rule ')}`;
}
