import { parseShare, parseSwitch, parseUsd } from './amounts.ts';
import type { ConfigurationIssue } from './configuration-error.ts';
import type { ConfigurationEntry } from './entry.ts';
import { maskSecrets } from './secrets.ts';
import { canonicalStrategy, strategyProblem } from './strategy-names.ts';

interface Variable {
  readonly name: string;
  readonly main: string;
  readonly goal: string;
  readonly expected: string;
  readonly parse: (text: string) => unknown;
}

/** The variables that are settings. Others with the prefix `CLAUDE_CODE_` belong to others. */
const VARIABLES: readonly Variable[] = [
  {
    name: 'CLAUDE_CODE_ROUTER_ENABLED',
    main: 'router.enabled',
    goal: 'enabled',
    expected: 'true or false',
    parse: parseSwitch,
  },
  {
    name: 'CLAUDE_CODE_ROUTER_STRATEGY',
    main: 'routing.strategy',
    goal: 'routing.strategy',
    expected: 'a strategy',
    parse: canonicalStrategy,
  },
  {
    name: 'CLAUDE_CODE_DEFAULT_MODEL',
    main: 'router.default_model',
    goal: 'defaultModel',
    expected: 'a model',
    parse: (text) => text.trim(),
  },
  {
    name: 'CLAUDE_CODE_DAILY_BUDGET',
    main: 'budget.daily',
    goal: 'budget.daily',
    expected: 'an amount of dollars such as 50.00',
    parse: parseUsd,
  },
  {
    name: 'CLAUDE_CODE_COST_ALERT_THRESHOLD',
    main: 'router.cost_tracking.alert_threshold',
    goal: 'budget.alertThreshold',
    expected: 'a share such as 80, 0.80 or 80%',
    parse: parseShare,
  },
];

export interface EnvironmentEntries {
  readonly entries: readonly ConfigurationEntry[];
  readonly issues: readonly ConfigurationIssue[];
}

/** Settings from variables. One that is empty is not set. `kind` says whether they stand in a `.env` file. */
export function environmentEntries(
  env: Readonly<Record<string, string | undefined>>,
  kind: 'environment' | 'env-file',
  strategyNames: readonly string[] | undefined,
): EnvironmentEntries {
  const entries: ConfigurationEntry[] = [];
  const issues: ConfigurationIssue[] = [];
  for (const { name, main, goal, expected, parse } of VARIABLES) {
    const text = env[name];
    if (text === undefined || text.trim() === '') continue;
    const value = parse(text);
    const problem =
      value === undefined
        ? { message: `expected ${expected}, found "${text}"` }
        : goal === 'routing.strategy'
          ? strategyProblem(String(value), strategyNames)
          : undefined;
    if (problem) {
      const file = `${kind === 'environment' ? 'environment' : '.env'} ${name}`;
      issues.push({ file, line: 0, column: 0, path: '', ...problem, message: maskSecrets(problem.message) });
      continue;
    }
    const path = main.split('.');
    const raw = typeof value === 'boolean' ? value : text.trim();
    entries.push({ goal: goal.split('.'), written: path, main: path, value, raw, source: { kind, name } });
  }
  return { entries, issues };
}
