import type { Attempt, Caller, Candidate, Decision, Inbound } from '@signalbox/core';
import { ownersOf } from '../caller/owner-of.ts';
import { issuedIds } from '../choice/affinity.ts';
import type { Progress } from '../lanes/lane.ts';
import type { Holder, Holders } from './holders.ts';

/** The call that an answer came from. */
interface AnsweredCall {
  readonly inbound: Inbound;
  readonly caller: Caller;
  readonly decision: Decision;
  /** The name of the key that was called with. */
  readonly providerKey: string | undefined;
  readonly holders: Holders;
}

/** Who keeps what an answer gave out: also one that broke off, where it goes on being made. */
export function rememberKept(
  candidate: Candidate,
  /** Undefined: it is not over. */
  attempt: Attempt | undefined,
  progress: Progress | undefined,
  { inbound, caller, decision, providerKey, holders }: AnsweredCall,
): void {
  const { background, store } = inbound.head;
  if (progress?.id === undefined || (attempt?.error !== undefined && background !== true)) return;
  if (issuedIds(candidate, inbound) === undefined) return;
  const { id, issued = [] } = progress;
  const holder = holderFor(candidate, providerKey, caller);
  // One that the provider keeps may be gone on from at once, at another process; one that only begins hardly ever.
  const when = background === true || (attempt !== undefined && store !== false) ? 'now' : 'soon';
  if (issued.length > 0) holders.remember(issued, holder, 'soon');
  const due = attempt !== undefined && goesOnInBackground(attempt, inbound) ? { decision, attempt, caller } : undefined;
  holders.remember([id], { ...holder, due }, when);
}

/** Whether an answer is still being made where it is kept, though the call is over. */
export function goesOnInBackground({ error, finish }: Attempt, { head }: Inbound): boolean {
  return head.background === true && (error !== undefined || finish?.reason === 'pause');
}

function holderFor({ provider }: Candidate, key: string | undefined, caller: Caller): Holder {
  return { provider: provider.id, key, keyDigest: provider.keyDigest?.(key), owners: ownersOf(caller) };
}
