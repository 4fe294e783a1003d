import type { Admission, AdmissionRequest } from '@signalbox/core';

/**
 * What admits requests: `limited` those of callers who have limits of their own, `usual` all others, so that limits of keys cost nothing where a caller has none.
 */
export function admissionByCaller(usual: Admission, limited: Admission): Admission {
  const of = ({ caller }: Pick<AdmissionRequest, 'caller'>) => (caller.limits === undefined ? usual : limited);
  return {
    check: (candidate, request) => of(request).check(candidate, request),
    reserve: (candidate, request) => of(request).reserve(candidate, request),
    standing: (request) => of(request).standing?.(request),
  };
}
