import type { Caller, Candidate } from '@signalbox/core';

/** The limits that a caller falls under. */
export interface CallerLines<Line> {
  /** Those that hold whatever the model. */
  readonly any: readonly Line[];
  /** With those of a model, once they were asked for. */
  readonly ofModels: Map<Candidate, readonly Line[]>;
}

interface KnownCaller<Line> extends CallerLines<Line> {
  readonly caller: Caller;
}

/** Callers that are remembered at most; then all are forgotten and found again. */
const REMEMBERED = 20_000;
const NO_TAGS: readonly string[] = [];

/**
 * Finds the limits of a caller once and not for each request. By user and key those of whoever asked last under these names are kept: tags and what a key
 * may spend can be others the next time, and then they are found anew.
 */
export function createCallerLines<Line>(
  find: (caller: Caller) => readonly Line[],
): (caller: Caller) => CallerLines<Line> {
  const known = new Map<string | undefined, Map<string | undefined, KnownCaller<Line>>>();
  let size = 0;

  function remember(caller: Caller, isNew: boolean): CallerLines<Line> {
    if (isNew && size >= REMEMBERED) {
      known.clear();
      size = 0;
    }
    if (isNew) size += 1;
    let ofUser = known.get(caller.user);
    if (ofUser === undefined) {
      ofUser = new Map();
      known.set(caller.user, ofUser);
    }
    const { tenant, user, key, limits, unproven, tags } = caller;
    const lines = { caller: { tenant, user, key, limits, unproven, tags }, any: find(caller), ofModels: new Map() };
    ofUser.set(key, lines);
    return lines;
  }

  return (caller) => {
    const found = known.get(caller.user)?.get(caller.key);
    return found !== undefined && isAlike(found.caller, caller) ? found : remember(caller, found === undefined);
  };
}

/** Of the same user and key. */
function isAlike(one: Caller, other: Caller): boolean {
  if (one.limits !== other.limits || one.unproven !== other.unproven) return false;
  const { tags = NO_TAGS } = one;
  const { tags: others = NO_TAGS } = other;
  return tags === others || (tags.length === others.length && tags.every((tag, index) => tag === others[index]));
}
