import type { Account } from './account.ts';
import type { AlertRule } from './budget-plan.ts';
import { shareWords } from './words.ts';

/** How far a rule must be left behind before it ends, where it does not say: five points of the budget, and no more than half its threshold. */
const MARGIN = 0.05;

/** The share of a budget (0 to 1) below which a rule that acts ends; 0: not before the day or month is over. */
export function releaseShare({ threshold, releaseMargin = Math.min(MARGIN, threshold / 2) }: AlertRule): number {
  // Decimal fractions: 0.8 - 0.05 is a bit more than 0.75 else.
  return Math.max(0, Number((threshold - releaseMargin).toFixed(9)));
}

/** What is spent of an account's limit. A quotient: shares that people write come out as they wrote them, which a product would miss by a nano-dollar. */
function spentShare({ spent, line: { limit } }: Account): number {
  return limit === 0 ? 1 : spent / limit;
}

/** An alert's name among those of its account. The limit is in it: one that is changed makes another budget, which is looked at anew. */
export function alertId({ line: { limit } }: Account, { threshold, action }: AlertRule): string {
  return [limit, threshold, action].join('\0');
}

/** Whether nothing acts and nothing begins to: the usual case, in few steps. */
export function isQuiet(account: Account, rules: readonly AlertRule[]): boolean {
  const [first] = rules;
  if (account.acting.length > 0 || account.claimed.length > 0) return false;
  return first === undefined || spentShare(account) < first.threshold;
}

/**
 * The rules that act on an account, the lowest threshold first as in `rules`: those whose share is spent, and those that have begun and are not left behind by their margin.
 * What is reserved does not count: a reservation is the most that a call may cost and mostly given back, so that an alert would tell of money that was never spent, and
 * come and go with each call.
 */
export function rulesThatAct(
  account: Account,
  rules: readonly AlertRule[],
  hasBegun: (rule: AlertRule) => boolean,
): readonly AlertRule[] {
  const share = spentShare(account);
  const acting = rules.filter((rule) => share >= rule.threshold || (share >= releaseShare(rule) && hasBegun(rule)));
  return acting.length === 0 ? NONE : acting;
}

const NONE: readonly AlertRule[] = [];

/** `80 % of the daily budget is spent`; of a rule that goes on below its threshold, until when. */
export function alertWords(account: Account, rule: AlertRule): string {
  const { title } = account.line;
  const share = shareWords(rule.threshold);
  if (spentShare(account) >= rule.threshold) return `${share} of the ${title} is spent`;
  const release = releaseShare(rule);
  const end = release === 0 ? 'it acts until it begins anew' : `it acts until less than ${shareWords(release)} is`;
  return `${share} of the ${title} was spent, and ${end}`;
}
