import type { Caller, Candidate, NanoUsd, SpendScope } from '@signalbox/core';

/** What may be spent, by whom and on what; amounts in nano-dollars. What is absent is not limited. */
export interface BudgetPlan {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
  /** Of one request, predicted; and its output is capped so that it holds. */
  readonly perRequest?: NanoUsd | undefined;
  /** A day, for each user that is named. */
  readonly perUser?:
    | { readonly default?: NanoUsd | undefined; readonly users?: Readonly<Record<string, NanoUsd>> | undefined }
    | undefined;
  readonly perKey?: Readonly<Record<string, PeriodLimits>> | undefined;
  readonly perTag?: Readonly<Record<string, PeriodLimits>> | undefined;
  /** By a name of the model: an id, `provider/id`, `anthropic.opus`. */
  readonly perModel?: Readonly<Record<string, ModelLimits>> | undefined;
  readonly alerts?: readonly AlertRule[] | undefined;
  /** IANA name of the zone whose midnight begins a day; default: this machine's. */
  readonly timeZone?: string | undefined;
  /** `false`: nobody is refused or stopped for lack of money; alerts act all the same. Default `true`. */
  readonly hard?: boolean | undefined;
  /** What a hard budget does with a model whose price nobody knows. Default `refuse`. */
  readonly unknownPrice?: 'refuse' | 'allow' | undefined;
}

export interface PeriodLimits {
  readonly daily?: NanoUsd | undefined;
  readonly monthly?: NanoUsd | undefined;
}

export interface ModelLimits extends PeriodLimits {
  /** Requests that this model may get in a day. */
  readonly maxDailyUses?: number | undefined;
}

export type AlertAction = 'notify' | 'switch_to_cheaper' | 'block_expensive_models' | 'deny';

/** From a share of a budget on (0 to 1), something is done. */
export interface AlertRule {
  readonly threshold: number;
  readonly action: AlertAction;
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

/** Reads a plan once, so that a request only looks its limits up. */
export function compilePlan(plan: BudgetPlan): LinesFor {
  const general = periodLines(plan, 'all', '', '');
  const keys = byName(plan.perKey, 'key', (name) => ` of key ${name}`);
  const tags = byName(plan.perTag, 'tag', (name) => ` of tag ${name}`);
  const models = new WeakMap<Candidate, readonly BudgetLine[]>();
  const { perUser, perModel = {} } = plan;

  function userLine(user: string): BudgetLine | undefined {
    const users = perUser?.users ?? {};
    const limit = Object.hasOwn(users, user) ? users[user] : perUser?.default;
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

  const onlyGeneral = perUser === undefined && keys.size === 0 && tags.size === 0 && Object.keys(perModel).length === 0;
  return (caller, candidate) => {
    if (onlyGeneral) return general;
    const lines = [...general];
    const user = caller.user === undefined ? undefined : userLine(caller.user);
    if (user !== undefined) lines.push(user);
    if (caller.key !== undefined) lines.push(...(keys.get(caller.key) ?? []));
    for (const tag of new Set(caller.tags)) lines.push(...(tags.get(tag) ?? []));
    if (candidate !== undefined) lines.push(...modelLines(candidate));
    return lines;
  };
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
