/**
 * Counts how often the routing rules that have a limit were followed on the present day. Synchronous: it is asked on the request's path. Whoever decides asks
 * `mayFollow` and takes the use in the same turn of the event loop, so that no other request comes between.
 */
export interface RuleUses {
  /** Uses by the rule's name, those under way among them; only rules that have a limit. */
  counts(): ReadonlyMap<string, number>;
  /** Whether one more use is free, in all processes; `true` for a rule without a limit. */
  mayFollow(rule: string): boolean;
  /** A request follows a rule; `undefined` where the rule has no limit. */
  take(rule: string): RuleUse | undefined;
}

/** A use of a rule that is under way. */
export interface RuleUse {
  /** The request is over. `used`: a call was made, and no kept answer given. */
  end(used: boolean): void;
}
