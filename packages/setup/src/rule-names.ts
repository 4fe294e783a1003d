import type { RoutingRule } from '@signalbox/config';

/**
 * What decisions call the rules of a configuration, and uses are counted by: their conditions, `task_complexity high`. Rules with the same conditions are told
 * apart by their models. One for each rule, in the rules' order.
 */
export function ruleNames(rules: readonly RoutingRule[]): readonly string[] {
  const byConditions = rules.map(conditionsOf);
  const isShared = (name: string) => byConditions.filter((one) => one === name).length > 1;
  const names = rules.map((rule, index) => {
    const name = byConditions[index] ?? '';
    return isShared(name) ? `${name}, ${rule.model}` : name;
  });
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((one) => one === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

function conditionsOf({ taskType, taskComplexity, pattern }: RoutingRule): string {
  const conditions = [
    ...(taskType === undefined ? [] : [`task_type ${taskType}`]),
    ...(taskComplexity === undefined ? [] : [`task_complexity ${taskComplexity}`]),
    ...(pattern === undefined ? [] : [`pattern ${pattern}`]),
  ];
  return conditions.length === 0 ? 'default' : conditions.join(', ');
}

/** How often the rules that have a limit may be followed in a day, by their names; undefined where none has. */
export function limitedRules(rules: readonly RoutingRule[]): Readonly<Record<string, number>> | undefined {
  const names = ruleNames(rules);
  const limited = rules.flatMap(({ maxDailyUses }, index): [string, number][] =>
    maxDailyUses === undefined ? [] : [[names[index] ?? '', maxDailyUses]],
  );
  return limited.length === 0 ? undefined : Object.fromEntries(limited);
}
