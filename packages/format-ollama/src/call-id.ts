import { createWaitingLists, type Waiting } from '@signalbox/core';

/**
 * Older Ollama servers give tool calls no id; the canonical form needs one. An id of ours begins with this, so that it is
 * left out again on the way back.
 */
const INVENTED = 'call_ollama_';

/** The id of the n-th call of an answer (`scope`: its time) or of a request. Deterministic. */
export function inventCallId(scope: string | undefined, ordinal: number): string {
  const safe = (scope ?? '').replace(/[^a-zA-Z0-9]/g, '').slice(0, 32);
  return safe === '' ? `${INVENTED}${ordinal}` : `${INVENTED}${safe}_${ordinal}`;
}

/** The id as it goes over the wire: undefined where we invented it. */
export function wireCallId(id: string): string | undefined {
  return id === '' || id.startsWith(INVENTED) ? undefined : id;
}

/** Gives calls and results of one conversation their ids. */
export interface CallLedger {
  /** Notes a call and returns its id. */
  call(name: string, id: string | undefined): string;
  /** The call that a result answers: by id, else the oldest open one of that name, else the oldest open one. */
  result(name: string | undefined, id: string | undefined): { readonly id: string; readonly name: string | undefined };
}

interface OpenCall extends Waiting {
  readonly id: string;
  readonly name: string;
}

export function createCallLedger(): CallLedger {
  const all = createWaitingLists<OpenCall>();
  const byId = createWaitingLists<OpenCall>();
  const byName = createWaitingLists<OpenCall>();
  let ordinal = 0;

  return {
    call(name, id) {
      const known = id ?? inventCallId(undefined, ordinal);
      ordinal += 1;
      const call = { id: known, name, taken: false };
      all.add('', call);
      byId.add(known, call);
      byName.add(name, call);
      return known;
    },
    result(name, id) {
      const found = id !== undefined ? byId.first(id) : name !== undefined ? byName.first(name) : all.first('');
      if (found !== undefined) {
        found.taken = true;
        return { id: found.id, name: name ?? found.name };
      }
      if (id !== undefined) return { id, name };
      ordinal += 1;
      return { id: inventCallId(undefined, ordinal - 1), name };
    },
  };
}
