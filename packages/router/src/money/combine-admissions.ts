import type {
  Admission,
  AdmissionStanding,
  Attempt,
  AttemptRequest,
  Candidate,
  Clock,
  Removal,
  Reservation,
  WireHeaders,
} from '@signalbox/core';

type Given = Reservation | Removal | undefined;

/**
 * Several admissions as one: a call is made only where all of them let it through. They are asked in their order, so those that refuse at once come before
 * those that may have to wait; what was reserved before a refusal is released. They share the patience of a request.
 */
export function combineAdmissions(admissions: readonly Admission[], clock: Pick<Clock, 'now'>): Admission {
  const [only, second] = admissions;
  if (only !== undefined && second === undefined) return only;

  /** Goes on once an admission has given what it had to wait for. */
  async function waitFor(
    promised: Promise<Given>,
    had: Reservation[],
    others: readonly Admission[],
    candidate: Candidate,
    request: AttemptRequest,
    until: number,
  ): Promise<Given> {
    try {
      const refusal = keep(await promised, had);
      if (refusal !== undefined) return refusal;
      for (const admission of others) {
        const patienceMs = Math.max(0, until - clock.now());
        const late = keep(await admission.reserve(candidate, { ...request, patienceMs }), had);
        if (late !== undefined) return late;
      }
      return together(had);
    } catch (error) {
      giveBack(had);
      throw error;
    }
  }

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
      let asked = 0;
      for (const admission of admissions) {
        asked += 1;
        let given: Given | Promise<Given>;
        try {
          given = admission.reserve(candidate, request);
        } catch (error) {
          giveBack(had);
          throw error;
        }
        // Only whoever waits uses up patience.
        if (given instanceof Promise) return waitFor(given, had, admissions.slice(asked), candidate, request, until);
        const refusal = keep(given, had);
        if (refusal !== undefined) return refusal;
      }
      return together(had);
    },

    standing(request) {
      let standings: AdmissionStanding[] | undefined;
      for (const admission of admissions) {
        const standing = admission.standing?.(request);
        if (standing === undefined) continue;
        standings ??= [];
        standings.push(standing);
      }
      if (standings === undefined) return undefined;
      return {
        cheaperFirst: standings.find((one) => one.cheaperFirst !== undefined)?.cheaperFirst,
        notices: standings.flatMap(({ notices }) => notices),
      };
    },
  };
}

/** What one admission gave; a refusal gives back what the ones before it had given. */
function keep(given: Given, had: Reservation[]): Removal | undefined {
  if (given === undefined) return undefined;
  if ('kind' in given) {
    giveBack(had);
    return given;
  }
  had.push(given);
  return undefined;
}

function giveBack(had: Reservation[]): void {
  for (const one of had.splice(0).reverse()) one.release();
}

function together(had: readonly Reservation[]): Reservation | undefined {
  const [only, second] = had;
  if (second === undefined) return only;
  for (const one of had) if (one.mustStop !== undefined) return new MeteredReservation(had);
  return new JointReservation(had);
}

/** Several reservations as one. A class: one is made for each attempt. */
class JointReservation implements Reservation {
  readonly maxOutputTokens: number | undefined;
  protected readonly had: readonly Reservation[];

  constructor(had: readonly Reservation[]) {
    this.had = had;
    let lowest: number | undefined;
    for (const { maxOutputTokens: most } of had) {
      if (most !== undefined && (lowest === undefined || most < lowest)) lowest = most;
    }
    this.maxOutputTokens = lowest;
  }

  answered(headers: WireHeaders): void {
    for (const one of this.had) one.answered?.(headers);
  }

  settle(attempt: Attempt): void {
    for (const one of this.had) one.settle(attempt);
  }

  release(): void {
    for (const one of this.had) one.release();
  }
}

class MeteredReservation extends JointReservation {
  mustStop(outputTokens: number): string | undefined {
    for (const one of this.had) {
      const reason = one.mustStop?.(outputTokens);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
}
