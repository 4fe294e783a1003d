import type {
  Admission,
  AttemptRequest,
  Candidate,
  Clock,
  Decision,
  Health,
  Inbound,
  Removal,
  Reservation,
} from '@signalbox/core';
import { measureNeeds } from '../request/measure-needs.ts';

/** The ports that a reservation asks. */
export interface ReservePorts {
  readonly admission: Admission | undefined;
  readonly health: Health | undefined;
  readonly clock: Clock;
}

/** What an attempt may use, and by which of its provider's keys. */
export interface Reserved {
  readonly providerKey: string | undefined;
  /** Absent: nothing is limited. */
  readonly reservation: Reservation | undefined;
}

/**
 * Chooses a key and reserves what an attempt may use. Where a provider has several keys and one is at its limit, the next is asked; where all are, the one
 * that is free soonest is waited for. A removal refuses the attempt. `preferredKey`: the one that what the request goes on from was given out to, where it may be used.
 */
export function reserve(
  candidate: Candidate,
  request: Omit<AttemptRequest, 'providerKey'>,
  { admission, health, clock }: ReservePorts,
  preferredKey?: string,
): Reserved | Removal | Promise<Reserved | Removal> {
  const keys = admission === undefined ? 1 : Math.max(1, candidate.provider.keys?.length ?? 1);
  const refused: { readonly key: string | undefined; readonly removal: Removal }[] = [];
  const ask = (
    providerKey: string | undefined,
    patienceMs: number,
  ): Reserved | Removal | Promise<Reserved | Removal> => {
    const given = admission?.reserve(candidate, { ...request, providerKey, patienceMs });
    const asReserved = (one: Reservation | Removal | undefined): Reserved | Removal => {
      if (one === undefined || !('kind' in one)) return { providerKey, reservation: one };
      // The key's breaker may have lent its probe to this call, which is not made.
      health?.neutral?.(candidate, { providerKey });
      return one;
    };
    return given instanceof Promise ? given.then(asReserved) : asReserved(given);
  };
  for (let turn = 0; turn < keys; turn += 1) {
    const key = health?.chooseKey(candidate, clock.now(), turn === 0 ? preferredKey : undefined);
    if (refused.some((one) => one.key === key)) continue;
    const reserved = ask(key, keys === 1 ? request.patienceMs : 0);
    if (keys === 1 || reserved instanceof Promise || !('kind' in reserved)) return reserved;
    if (reserved.kind !== 'rate-limit') return reserved;
    refused.push({ key, removal: reserved });
  }
  const wait = ({ removal }: (typeof refused)[number]) => removal.retryAfterMs ?? Number.POSITIVE_INFINITY;
  const [soonest] = refused.sort((one, other) => wait(one) - wait(other));
  if (soonest === undefined) return { providerKey: undefined, reservation: undefined };
  return request.patienceMs > 0 ? ask(soonest.key, request.patienceMs) : soonest.removal;
}

/** What a request needs: as it was measured for the decision, else measured when somebody first asks. */
export function lazyNeeds(decision: Decision, inbound: Inbound): AttemptRequest['needs'] {
  let { needs } = decision;
  return () => {
    needs ??= measureNeeds(inbound.request());
    return needs;
  };
}
