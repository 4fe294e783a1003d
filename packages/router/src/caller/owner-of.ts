import type { Caller } from '@signalbox/core';

const NOBODY: ReadonlySet<string> = new Set();

/** Under which name the answers of a caller are its own: its key's, or the user's whom a token names. Nobody's where nobody has to say who asks. */
export function ownersOf(caller: Caller): ReadonlySet<string> {
  const name = ownerName(caller);
  return name === undefined ? NOBODY : new Set([name]);
}

/** Whether a caller may have what was given to these. Where nobody has to say who asks, all is everybody's. */
export function mayReach(caller: Caller, owners: ReadonlySet<string>): boolean {
  const name = ownerName(caller);
  return name === undefined || owners.has(name);
}

function ownerName({ key, tenant, user, unproven }: Caller): string | undefined {
  if (key !== undefined) return `key ${key}`;
  // A program in process asks for itself, as whoever it says.
  if (unproven === true || user === undefined) return undefined;
  return `user ${tenant}/${user}`;
}
