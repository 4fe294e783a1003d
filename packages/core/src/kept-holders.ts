/** Who keeps something that was given out with an answer, as it is written down. */
export interface KeptHolder {
  /** The provider's id. */
  readonly provider: string;
  /** The name of its key that it was called with, where it has several. */
  readonly key?: string | undefined;
  /** Tells that key from others and says nothing of it: `Provider.keyDigest`. */
  readonly keyDigest?: string | undefined;
  /** Whose it is; empty: it was made where nobody has to say who asks. */
  readonly owners: readonly string[];
  /** What is still to be booked of an answer that is made in the background: JSON, read by whoever wrote it. */
  readonly due?: string | undefined;
}

/**
 * Where it outlives the process, and several processes find each other's, which provider keeps what: answers, conversations, items, and the proofs of encrypted reasoning, by their ids. Throws
 * nothing: what can't be had is not known.
 */
export interface KeptHolders {
  /** Writes them down, and what was known of them over: `now`, where a follow-up may come at once to another process; `soon`: with what is written next. */
  keep(ids: readonly string[], holder: KeptHolder, when: 'now' | 'soon'): void;
  /** Those of the ids that are known. */
  find(ids: readonly string[]): ReadonlyMap<string, KeptHolder>;
  /** Nobody needs to know any more who keeps it. */
  forget(id: string): void;
  /** Takes what is due for an answer: to one asker over all processes. Undefined where nobody could be asked; `due` absent: nothing is due, or somebody else has taken it. */
  takeDue(id: string): { readonly due?: string | undefined } | undefined;
}
