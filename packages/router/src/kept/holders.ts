import type { KeptHolder, KeptHolders } from '@signalbox/core';
import { type BackgroundAnswer, readDue, writtenDue } from './background-answer.ts';

/** Who keeps something: a provider, and the key that it was called with where it has several. */
export interface Holder {
  readonly provider: string;
  readonly key?: string | undefined;
  /** Tells the key from others. */
  readonly keyDigest?: string | undefined;
  /** Whose it is; empty: it was made where nobody has to say who asks. */
  readonly owners: ReadonlySet<string>;
  /** What is still to be booked of an answer that is made in the background. */
  readonly due?: BackgroundAnswer | undefined;
}

/** Which provider keeps what, by the ids that it gave out. */
export interface Holders {
  /** Whether anything can be known. */
  readonly mayKnow: boolean;
  /** `soon`: others may hear of it a little later. */
  remember(ids: Iterable<string>, holder: Holder, when: 'now' | 'soon'): void;
  of(id: string): Holder | undefined;
  /** Those of several that are known: what this process does not know is looked for at once. */
  ofAll(ids: readonly string[]): ReadonlyMap<string, Holder>;
  /** As it is written down, where it is: others may have given it to somebody else as well. */
  anew(id: string): Holder | undefined;
  forget(id: string): void;
  /** Takes what is due for an answer, so that it is booked once. */
  takeDue(id: string): BackgroundAnswer | undefined;
}

const CAPACITY = 100_000;

/** In this process's memory, where the oldest ids are forgotten first; and in `kept`, which is asked for what is not there. */
export function createHolders(kept?: KeptHolders): Holders {
  const known = new Map<string, Holder>();

  function learn(id: string, holder: Holder): void {
    known.delete(id);
    known.set(id, holder);
    if (known.size <= CAPACITY) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  }

  function ofAll(ids: readonly string[]): ReadonlyMap<string, Holder> {
    const found = new Map<string, Holder>();
    const missing: string[] = [];
    for (const id of ids) {
      const holder = known.get(id);
      if (holder === undefined) missing.push(id);
      else found.set(id, holder);
    }
    if (kept === undefined || missing.length === 0) return found;
    for (const [id, written] of kept.find(missing)) {
      const holder = fromWritten(written);
      learn(id, holder);
      found.set(id, holder);
    }
    return found;
  }

  return {
    get mayKnow() {
      return kept !== undefined || known.size > 0;
    },
    remember(ids, holder, when) {
      const all = [...ids];
      for (const id of all) learn(id, holder);
      kept?.keep(all, toWritten(holder), when);
    },
    of: (id) => known.get(id) ?? ofAll([id]).get(id),
    ofAll,
    anew(id) {
      const written = kept?.find([id]).get(id);
      if (written === undefined) return known.get(id);
      const holder = fromWritten(written);
      learn(id, holder);
      return holder;
    },
    forget(id) {
      known.delete(id);
      kept?.forget(id);
    },
    takeDue(id) {
      const holder = known.get(id) ?? ofAll([id]).get(id);
      if (holder?.due === undefined) return undefined;
      const { due, ...settled } = holder;
      learn(id, settled);
      // Without an answer from there, what this process knows has to do.
      const taken = kept?.takeDue(id);
      return taken === undefined || taken.due !== undefined ? due : undefined;
    },
  };
}

function toWritten({ owners, due, ...rest }: Holder): KeptHolder {
  return { ...rest, owners: [...owners], due: due && writtenDue(due) };
}

function fromWritten({ owners, due, ...rest }: KeptHolder): Holder {
  return { ...rest, owners: new Set(owners), due: due === undefined ? undefined : readDue(due) };
}
