import type { Admission, Caller, Candidate, Needs, Removal, Reservation } from '@signalbox/core';

/** Reserves what an attempt may use; a removal refuses it, undefined means that nothing is limited. */
export async function reserve(
  candidate: Candidate,
  needs: Needs | undefined,
  { admission, caller }: { readonly admission: Admission | undefined; readonly caller: Caller },
): Promise<Reservation | Removal | undefined> {
  if (admission === undefined || needs === undefined) return undefined;
  return admission.reserve(candidate, needs, caller);
}
