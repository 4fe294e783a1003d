import type { Admission, Clock, Removal, Reservation } from '@signalbox/core';

type Given = Reservation | Removal | undefined;

/**
 * Several admissions as one: a call is made only where all of them let it through. They are asked in their order, so those that refuse at once come before
 * those that may have to wait; what was reserved before a refusal is released. They share the patience of a request.
 */
export function combineAdmissions(admissions: readonly Admission[], clock: Pick<Clock, 'now'>): Admission {
  const [only, second] = admissions;
  if (only !== undefined && second === undefined) return only;
  return {
    check(candidate, request) {
      for (const admission of admissions) {
        const removal = admission.check(candidate, request);
        if (removal !== undefined) return removal;
      }
      return undefined;
    },

    reserve(candidate, request) {
      const until = clock.now() + request.patienceMs;
      const had: Reservation[] = [];
      const giveBack = () => {
        for (const one of had.splice(0).reverse()) one.release();
      };

      /** Goes on with the admissions from one on; a promise only from where one has to wait. */
      function from(index: number): Given | Promise<Given> {
        for (let at = index; at < admissions.length; at += 1) {
          const patienceMs = Math.max(0, until - clock.now());
          let given: Given | Promise<Given>;
          try {
            given = admissions[at]?.reserve(candidate, { ...request, patienceMs });
          } catch (error) {
            giveBack();
            throw error;
          }
          if (given instanceof Promise) {
            return given.then(
              (late) => keep(late) ?? from(at + 1),
              (error: unknown) => {
                giveBack();
                throw error;
              },
            );
          }
          const refusal = keep(given);
          if (refusal !== undefined) return refusal;
        }
        return together(had);
      }

      function keep(given: Given): Removal | undefined {
        if (given === undefined) return undefined;
        if ('kind' in given) {
          giveBack();
          return given;
        }
        had.push(given);
        return undefined;
      }

      return from(0);
    },

    standing(request) {
      const standings = admissions.flatMap((admission) => admission.standing?.(request) ?? []);
      if (standings.length === 0) return undefined;
      return {
        cheaperFirst: standings.find((one) => one.cheaperFirst !== undefined)?.cheaperFirst,
        notices: standings.flatMap(({ notices }) => notices),
      };
    },
  };
}

function together(reservations: readonly Reservation[]): Reservation | undefined {
  const [only, second] = reservations;
  if (second === undefined) return only;
  const meters = reservations.filter((one) => one.mustStop !== undefined);
  const limits = reservations.map((one) => one.maxOutputTokens).filter((one) => one !== undefined);
  return {
    maxOutputTokens: limits.length === 0 ? undefined : Math.min(...limits),
    mustStop:
      meters.length === 0
        ? undefined
        : (outputTokens) => meters.map((one) => one.mustStop?.(outputTokens)).find((reason) => reason !== undefined),
    answered(headers) {
      for (const one of reservations) one.answered?.(headers);
    },
    settle(attempt) {
      for (const one of reservations) one.settle(attempt);
    },
    release() {
      for (const one of reservations) one.release();
    },
  };
}
