import type { Caller, CallerLimits, Candidate, NanoUsd, SpendScope } from '@signalbox/core';
import { createCallerLines } from './caller-lines.ts';

/** What may be spent, by whom and on what; amounts in nano-dollars. What is absent is not limited. */
export interface BudgetPlan {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
  /** Of one request, over all its attempts: what they cost and may cost yet. Its output is capped so that it holds. */
  readonly perRequest?: NanoUsd | undefined;
  /** A day, for each user that is named. */
  readonly perUser?:
    | { readonly default?: NanoUsd | undefined; readonly users?: Readonly<Record<string, NanoUsd>> | undefined }
    | undefined;
  readonly perKey?: Readonly<Record<string, PeriodLimits>> | undefined;
  readonly perTag?: Readonly<Record<string, PeriodLimits>> | undefined;
  /** By a name of the model: an id, `provider/id`, `anthropic.opus`. */
  readonly perModel?: Readonly<Record<string, ModelLimits>> | undefined;
  /** Requests a day that may follow a routing rule, by its name. */
  readonly perRule?: Readonly<Record<string, number>> | undefined;
  readonly alerts?: readonly AlertRule[] | undefined;
  /** IANA name of the zone whose midnight begins a day; default: this machine's. */
  readonly timeZone?: string | undefined;
  /** `false`: nobody is refused or stopped for lack of money; alerts act all the same. Default `true`. */
  readonly hard?: boolean | undefined;
  /** What a hard budget does with a model whose price nobody knows. Default `refuse`. */
  readonly unknownPrice?: 'refuse' | 'allow' | undefined;
}

/** What may be spent in a day and in a month, in nano-dollars. */
export interface PeriodLimits {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
}

/** What one model may cost, and how often it may be used. */
export interface ModelLimits extends PeriodLimits {
  /** Requests that this model may get in a day. */
  readonly maxDailyUses?: number | undefined;
}

/** What an alert does: tells somebody, prefers cheaper models, leaves out expensive ones, or refuses. */
export type AlertAction = 'notify' | 'switch_to_cheaper' | 'block_expensive_models' | 'deny';

/** From a share of a budget on (0 to 1), something is done: until the day or month is over, or the share has fallen far enough. */
export interface AlertRule {
  readonly threshold: number;
  readonly action: AlertAction;
  /**
   * How far what is spent must fall below the threshold before the rule ends, and may begin anew: a share of the budget, 0 to `threshold`; as large as that: it does not
   * end before the day or month. Default: 0.05, or half the threshold if that is less.
   */
  readonly releaseMargin?: number | undefined;
}

/** One limit that a request falls under. */
export interface BudgetLine {
  /** One for each line, whenever it is asked for. */
  readonly id: string;
  readonly scope: SpendScope;
  readonly name: string;
  readonly period: 'day' | 'month';
  readonly unit: 'nano-usd' | 'requests';
  readonly limit: number;
  /** For people: `daily budget`, `daily budget of user ann`. */
  readonly title: string;
}

const PERIODS = [
  ['daily', 'day', 'daily'],
  ['monthly', 'month', 'monthly'],
] as const;

/** The limits that a caller's request falls under at a candidate; those of the model last. */
export type LinesFor = (caller: Caller, candidate: Candidate | undefined) => readonly BudgetLine[];

/**
 * Reads a plan once, so that a request only looks its limits up. `localUser`: whose machine this is; what callers without a key may spend together is what
 * this user may.
 */
export function compilePlan(plan: BudgetPlan, localUser?: string): LinesFor {
  const general = periodLines(plan, 'all', '', '');
  const keys = byName(plan.perKey, 'key', (name) => ` of key ${name}`);
  const tags = byName(plan.perTag, 'tag', (name) => ` of tag ${name}`);
  const models = new WeakMap<Candidate, readonly BudgetLine[]>();
  const ofKeys = new WeakMap<CallerLimits, readonly BudgetLine[]>();
  const { perUser, perModel = {} } = plan;

  function userLimit(user: string | undefined): NanoUsd | undefined {
    const users = perUser?.users ?? {};
    return user !== undefined && Object.hasOwn(users, user) ? users[user] : perUser?.default;
  }

  function userLine(user: string): BudgetLine | undefined {
    const limit = userLimit(user);
    if (limit === undefined) return undefined;
    return {
      id: `user ${user}`,
      scope: 'user',
      name: user,
      period: 'day',
      unit: 'nano-usd',
      limit,
      title: `daily budget of user ${user}`,
    };
  }

  /** A name that is only claimed must not open a budget of its own: all who show no key share one, that of the machine's user. */
  function unprovenLines({ user }: Caller): readonly BudgetLine[] {
    const shared = userLimit(localUser);
    const title = 'daily budget of all who show no key';
    const place = { scope: 'key', name: '', period: 'day', unit: 'nano-usd' } as const;
    const claimed = user === undefined || user === localUser ? undefined : userLine(user);
    return [
      ...(shared === undefined ? [] : [{ id: 'no key', ...place, limit: shared, title }]),
      ...(claimed ? [claimed] : []),
    ];
  }

  /** What a key may spend, as it was said when it was made. */
  function ownLines({ key, limits }: Caller): readonly BudgetLine[] {
    if (key === undefined || limits === undefined) return NO_LINES;
    const known = ofKeys.get(limits);
    if (known !== undefined) return known;
    const { budgetDaily: daily, budgetMonthly: monthly } = limits;
    // The limit is in the name: a key that was changed has another account.
    const lines = periodLines({ daily, monthly }, 'key', key, ` of key ${key}`).map((line) => ({
      ...line,
      id: `own ${line.limit} ${line.id}`,
    }));
    ofKeys.set(limits, lines);
    return lines;
  }

  function modelLines(candidate: Candidate): readonly BudgetLine[] {
    const known = models.get(candidate);
    if (known !== undefined) return known;
    const lines: BudgetLine[] = [];
    for (const [name, limits] of Object.entries(perModel)) {
      if (candidate.id !== name && candidate.model !== name && !candidate.names.includes(name)) continue;
      lines.push(...periodLines(limits, 'candidate', candidate.id, ` of ${name}`));
      const { maxDailyUses } = limits;
      if (maxDailyUses === undefined) continue;
      const place = { scope: 'candidate', name: candidate.id, period: 'day', unit: 'requests' } as const;
      lines.push({ id: `uses ${candidate.id} ${name}`, ...place, limit: maxDailyUses, title: `daily uses of ${name}` });
    }
    models.set(candidate, lines);
    return lines;
  }

  /** All that holds whatever the model. */
  function callerLines(caller: Caller): readonly BudgetLine[] {
    const lines = [...general, ...ownLines(caller)];
    if (caller.unproven === true) lines.push(...unprovenLines(caller));
    else {
      const user = caller.user === undefined ? undefined : userLine(caller.user);
      if (user !== undefined) lines.push(user);
    }
    if (caller.key !== undefined) lines.push(...(keys.get(caller.key) ?? []));
    for (const tag of new Set(caller.tags)) lines.push(...(tags.get(tag) ?? []));
    return lines;
  }

  const onlyGeneral = perUser === undefined && keys.size === 0 && tags.size === 0 && Object.keys(perModel).length === 0;
  const linesOf = createCallerLines(callerLines);
  return (caller, candidate) => {
    if (onlyGeneral && (caller.key === undefined || caller.limits === undefined)) return general;
    const { any, ofModels } = linesOf(caller);
    if (candidate === undefined) return any;
    let lines = ofModels.get(candidate);
    if (lines === undefined) {
      const own = modelLines(candidate);
      lines = own.length === 0 ? any : [...any, ...own];
      ofModels.set(candidate, lines);
    }
    return lines;
  };
}

const NO_LINES: readonly BudgetLine[] = [];

/** The limits of routing rules, by the rule's name. */
export function ruleLines({ perRule }: BudgetPlan): ReadonlyMap<string, BudgetLine> {
  return new Map(
    Object.entries(perRule ?? {}).map(([name, limit]): [string, BudgetLine] => {
      const place = { scope: 'rule', name, period: 'day', unit: 'requests' } as const;
      return [name, { id: `rule ${name}`, ...place, limit, title: `daily uses of the rule "${name}"` }];
    }),
  );
}

function byName(
  named: Readonly<Record<string, PeriodLimits>> | undefined,
  scope: SpendScope,
  whose: (name: string) => string,
): ReadonlyMap<string, readonly BudgetLine[]> {
  const entries = Object.entries(named ?? {});
  return new Map(entries.map(([name, limits]) => [name, periodLines(limits, scope, name, whose(name))]));
}

function periodLines(limits: PeriodLimits, scope: SpendScope, name: string, whose: string): readonly BudgetLine[] {
  return PERIODS.flatMap(([key, period, word]) => {
    const limit = limits[key];
    return limit === undefined
      ? []
      : [
          {
            id: `${period} ${scope} ${name}${whose}`,
            scope,
            name,
            period,
            unit: 'nano-usd',
            limit,
            title: `${word} budget${whose}`,
          } as const,
        ];
  });
}
