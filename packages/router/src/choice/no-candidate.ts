import { type Decision, type Removal, type RemovalKind, RouterError, type RouterErrorKind } from '@signalbox/core';

/** Reasons that go away by themselves soon. */
export const PASSES: ReadonlySet<RemovalKind> = new Set(['breaker', 'rate-limit']);

const UNCONFIGURED: ReadonlySet<RemovalKind> = new Set(['missing-key', 'not-configured']);

/** The error for a decision that leaves nobody. */
export function noCandidate(decision: Decision): RouterError {
  const kind = refusalKind(decision.removed);
  const byReason = new Map<string, string[]>();
  const own = new Set<string>();
  // Beside a limit of the caller's own, what nobody has configured says nothing.
  const isOwn = (one: Removal) =>
    one.scope === 'caller' && (one.kind === kind || (kind === 'rate-limit' && one.passing === true));
  const hasOwn = decision.removed.some(isOwn);
  for (const removal of decision.removed) {
    const { candidate, reason } = removal;
    // It is not the candidates' matter: which of them it would be, says nothing.
    if (isOwn(removal)) {
      own.add(reason);
      continue;
    }
    if (hasOwn && UNCONFIGURED.has(removal.kind)) continue;
    const same = byReason.get(reason);
    if (same === undefined) byReason.set(reason, [candidate]);
    else same.push(candidate);
  }
  const reasons = [...own, ...[...byReason].map(([reason, candidates]) => `${candidates.join(', ')}: ${reason}`)];
  const shown = reasons.slice(0, 8);
  const more = reasons.length > shown.length ? [`and ${reasons.length - shown.length} more`] : [];
  const waits = decision.removed.flatMap((one) => one.retryAfterMs ?? []);
  const what = kind === 'rate-limit' ? 'No model can take this request now' : 'No model can take this request';
  const all = [...shown, ...more].join('; ');
  // The field that is in the way everywhere it matters: what a caller can change.
  const fields = new Set(kind === 'unsupported' ? decision.removed.flatMap((one) => one.parameter ?? []) : []);
  const [parameter] = fields.size === 1 ? fields : [];
  const advice = own.size === 0 ? '' : adviceFor(kind, decision.removed);
  return new RouterError({
    kind,
    ...(own.size === 0 ? {} : { scope: 'caller' }),
    ...(parameter === undefined ? {} : { parameter }),
    message:
      reasons.length === 0
        ? 'No model is configured: name a provider under "providers" in the configuration.'
        : `${own.size > 0 && byReason.size === 0 ? capital(all) : `${what}. ${all}`}.${advice}`,
    ...((kind === 'rate-limit' || kind === 'budget') && waits.length > 0 ? { retryAfterMs: Math.min(...waits) } : {}),
  });
}

function adviceFor(kind: RouterErrorKind, removed: readonly Removal[]): string {
  if (kind === 'budget') return ' Wait until then, or have the budget raised.';
  return removed.some((one) => one.passing === true) ? ' Try again in a moment.' : '';
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/**
 * A limit passes by itself, so where one stands in the way that is what the caller should know. Translation and kept state are the request's own matter:
 * the caller can change it. Missing keys are the configuration's.
 */
function refusalKind(removed: readonly Removal[]): RouterErrorKind {
  if (removed.some((one) => one.kind === 'rate-limit')) return 'rate-limit';
  // What others hold of a budget comes back when their calls end; the money is not spent.
  if (removed.some((one) => one.passing === true)) return 'rate-limit';
  if (removed.some((one) => one.kind === 'translation' || one.kind === 'server-state')) return 'unsupported';
  // Whoever is out for good does not matter: with more money, the others would have answered.
  if (removed.some((one) => one.kind === 'budget') && !removed.some((one) => PASSES.has(one.kind))) return 'budget';
  if (removed.length > 0 && removed.every((one) => one.kind === 'missing-key')) return 'missing-key';
  // Providers that nobody has configured say nothing of the caller's rights.
  const able = removed.filter((one) => !UNCONFIGURED.has(one.kind));
  return able.length > 0 && able.every((one) => one.kind === 'permission') ? 'permission' : 'no-candidate';
}
