import { createWaitingLists, type Waiting } from '@signalbox/core';

/**
 * Gemini leaves the ids of function calls out more often than not; the canonical form needs them. An id of ours begins with
 * this, so that it is left out again on the way to Google, which matches calls and responses by name and order then.
 */
const INVENTED = 'call_gemini_';

/** The id of the call that is the n-th of its answer (or of its request), where Google gave none. Deterministic. */
function inventCallId(scope: string | undefined, ordinal: number): string {
  const safe = (scope ?? '').replace(/[^a-zA-Z0-9_-]/g, '').slice(0, 40);
  return safe === '' ? `${INVENTED}${ordinal}` : `${INVENTED}${safe}_${ordinal}`;
}

/** The id as it goes over Google's wire: undefined where we invented it. */
export function wireCallId(id: string): string | undefined {
  return id === '' || id.startsWith(INVENTED) ? undefined : id;
}

/** Gives calls and responses of one conversation their ids. */
export interface CallLedger {
  /** Notes a call and returns its id. */
  call(name: string, id: string | undefined): string;
  /** The id of the call that a response answers: its own id, else the oldest open call of that name. */
  response(name: string, id: string | undefined): string;
}

interface OpenCall extends Waiting {
  readonly id: string;
}

/** A ledger of calls; `scope`, asked when an id is needed, makes the ids of one answer differ from those of the next. */
export function createCallLedger(scope: () => string | undefined = () => undefined): CallLedger {
  const byName = createWaitingLists<OpenCall>();
  const byNameAndId = createWaitingLists<OpenCall>();
  const both = (name: string, id: string) => `${name.length}:${name}${id}`;
  let ordinal = 0;

  return {
    call(name, id) {
      const known = id ?? inventCallId(scope(), ordinal);
      ordinal += 1;
      const call = { id: known, taken: false };
      byName.add(name, call);
      byNameAndId.add(both(name, known), call);
      return known;
    },
    response(name, id) {
      const own = id === undefined ? undefined : byNameAndId.first(both(name, id));
      const oldest = own ?? byName.first(name);
      // A response may bring an id although its call had none: then it answers the oldest call of that name.
      const fits = oldest !== undefined && (oldest === own || id === undefined || wireCallId(oldest.id) === undefined);
      if (fits) {
        oldest.taken = true;
        return oldest.id;
      }
      if (id !== undefined) return id;
      const orphan = inventCallId(scope(), ordinal);
      ordinal += 1;
      return orphan;
    },
  };
}
