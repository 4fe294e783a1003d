import { usdToNano } from '@signalbox/core';
import type { ConfigurationIssue } from './configuration-error.ts';
import type { ConfigurationEntry } from './entry.ts';
import { maskSecrets } from './secrets.ts';
import { canonicalStrategy, strategyProblem } from './strategy-names.ts';

/** Settings from a command line: stronger than all files and variables. */
export interface ConfigurationOverrides {
  readonly enabled?: boolean | undefined;
  readonly strategy?: string | undefined;
  readonly defaultModel?: string | undefined;
  /** Provider ids. */
  readonly fallbackOrder?: readonly string[] | undefined;
  readonly dataPolicy?: 'local_only' | undefined;
  readonly streaming?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly applyTo?: 'auto' | 'all' | undefined;
  /** Dollars. */
  readonly dailyBudget?: number | undefined;
  readonly parallelRequests?: number | undefined;
  readonly mode?: 'quality' | 'balanced' | 'speed' | undefined;
}

const GOALS: Readonly<Record<keyof ConfigurationOverrides, readonly [main: string, goal: string]>> = {
  enabled: ['router.enabled', 'enabled'],
  strategy: ['routing.strategy', 'routing.strategy'],
  defaultModel: ['router.default_model', 'defaultModel'],
  fallbackOrder: ['routing.fallback_order', 'routing.fallbackOrder'],
  dataPolicy: ['data_policy', 'dataPolicy'],
  streaming: ['streaming.enabled', 'streaming.enabled'],
  strict: ['strict', 'strict'],
  applyTo: ['routing.apply_to', 'routing.applyTo'],
  dailyBudget: ['budget.daily', 'budget.daily'],
  mode: ['gateway.mode', 'gateway.mode'],
  parallelRequests: ['performance.parallel_requests', 'performance.parallelRequests'],
};

/** Overrides as the strongest layer. */
export function overrideEntries(
  overrides: ConfigurationOverrides,
  strategyNames: readonly string[] | undefined,
): { readonly entries: readonly ConfigurationEntry[]; readonly issues: readonly ConfigurationIssue[] } {
  const entries: ConfigurationEntry[] = [];
  const issues: ConfigurationIssue[] = [];
  for (const key of Object.keys(GOALS) as (keyof ConfigurationOverrides)[]) {
    const raw = overrides[key];
    if (raw === undefined) continue;
    const [main, goal] = GOALS[key];
    let value: unknown = raw;
    if (key === 'strategy') value = canonicalStrategy(String(raw));
    if (key === 'dailyBudget') value = usdToNano(Number(raw));
    const problem = key === 'strategy' ? strategyProblem(String(value), strategyNames) : undefined;
    if (problem) {
      const message = maskSecrets(problem.message);
      issues.push({ file: 'flag', line: 0, column: 0, path: '--strategy', ...problem, message });
    }
    const path = main.split('.');
    entries.push({ goal: goal.split('.'), written: path, main: path, value, raw, source: { kind: 'flag' } });
  }
  return { entries, issues };
}
