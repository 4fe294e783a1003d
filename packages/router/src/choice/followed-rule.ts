import type { Attempt, Decision, RuleUses } from '@signalbox/core';

/**
 * Takes the use of the rule that decided; what comes back ends it, and counts it where a call was made. Undefined where nothing is counted. To be called in the
 * turn of the decision: another request must not come between.
 */
export function followRule(
  uses: RuleUses | undefined,
  { rule }: Decision,
  attempts: readonly Attempt[],
): (() => void) | undefined {
  const use = rule === undefined ? undefined : uses?.take(rule);
  return use && (() => use.end(attempts.some(({ simulated }) => !simulated)));
}
