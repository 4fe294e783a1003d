import type { Caller } from '@signalbox/core';

/** Who asks where nobody says. */
export const LOCAL_CALLER: Caller = { tenant: 'local' };

/** Who asks. Somebody of the default's tenant who says no name is the default's user: budgets of users must not end where a name is left out. */
export function callerOf(given: Caller | undefined, local: Caller): Caller {
  if (given === undefined) return local;
  const unnamed = given.user === undefined && local.user !== undefined && given.tenant === local.tenant;
  if (!unnamed) return given;
  let named = namedCallers.get(given);
  if (named === undefined || named.user !== local.user) {
    named = { ...given, user: local.user };
    namedCallers.set(given, named);
  }
  return named;
}

/** Callers who said no name, with the default's. */
const namedCallers = new WeakMap<Caller, Caller>();
