import type { Removal, RemovalKind } from '@signalbox/core';
import type { Decided } from '../choice/decide.ts';

const LIMITS: ReadonlySet<RemovalKind> = new Set(['budget', 'rate-limit']);

/**
 * The decision by which the cache is asked where limits have left nobody: an answer that was kept costs nothing. `unlimited` decides without them. Undefined where
 * somebody is left, nobody would be without them either, or an alert says `deny`: that is an instruction, and no lack of money.
 */
export function despiteLimits({ decision, order }: Decided, unlimited: () => Decided): Decided | undefined {
  if (order.length > 0 || decision.removed.some(({ denied }) => denied === true)) return undefined;
  const limit = decision.removed.find(({ kind }) => LIMITS.has(kind));
  if (limit === undefined) return undefined;
  const other = unlimited();
  if (other.order.length === 0) return undefined;
  const notices = [
    ...(decision.notices ?? []),
    `answered from what was kept: no call could be made (${wordsOf(limit)})`,
  ];
  return { ...other, decision: { ...other.decision, id: decision.id, notices } };
}

const wordsOf = ({ candidate, reason, scope }: Removal) => (scope === 'caller' ? reason : `${candidate}: ${reason}`);
