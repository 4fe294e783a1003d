import type { Admission, AttemptRequest, Candidate, Decision, Inbound, Removal, Reservation } from '@signalbox/core';
import { measureNeeds } from './measure-needs.ts';

/** Reserves what an attempt may use; a removal refuses it, undefined means that nothing is limited. */
export function reserve(
  admission: Admission | undefined,
  candidate: Candidate,
  request: AttemptRequest,
): Reservation | Removal | undefined | Promise<Reservation | Removal | undefined> {
  return admission?.reserve(candidate, request);
}

/** What a request needs: as it was measured for the decision, else measured when somebody first asks. */
export function lazyNeeds(decision: Decision, inbound: Inbound): AttemptRequest['needs'] {
  let { needs } = decision;
  return () => {
    needs ??= measureNeeds(inbound.request());
    return needs;
  };
}
