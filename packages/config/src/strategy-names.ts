import { closest } from './suggestion.ts';

/** The built-in strategies. */
export const STRATEGY_NAMES = [
  'manual',
  'best_for_task',
  'cost_optimized',
  'performance_optimized',
  'fallback_chain',
  'round_robin',
  'custom_rules',
] as const;

const ALIASES: ReadonlyMap<string, string> = new Map([['intelligent', 'best_for_task']]);

/**
 * The canonical name of a strategy: `intelligent` is `best_for_task`, `best-for-task` is accepted. Other names (strategies
 * that a program registered) come back as they are.
 */
export function canonicalStrategy(name: string): string {
  const spelled = name.trim().toLowerCase().replaceAll('-', '_');
  const canonical = ALIASES.get(spelled) ?? spelled;
  return (STRATEGY_NAMES as readonly string[]).includes(canonical) ? canonical : name.trim();
}

/**
 * What is wrong with a strategy's name, if anything. Without a list of registered names any name may be one, but not one that
 * is a slip away from a built-in.
 */
export function strategyProblem(
  canonical: string,
  registered: readonly string[] | undefined,
): { readonly message: string; readonly suggestion?: string | undefined } | undefined {
  const known: readonly string[] = [...STRATEGY_NAMES, ...(registered ?? [])];
  if (known.includes(canonical)) return undefined;
  const suggestion = closest(canonical, [...known, ...ALIASES.keys()]);
  if (registered === undefined && suggestion === undefined && canonical !== '') return undefined;
  return { message: `unknown strategy "${canonical}"; there are ${known.join(', ')}`, suggestion };
}
