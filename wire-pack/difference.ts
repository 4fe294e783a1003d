import type { JsonObject, JsonValue } from '../packages/core/src/index.ts';
import { member, type PathPattern, setMember, valueAt, visit } from './json-path.ts';

/**
 * A documented way in which a body that was decoded and encoded again may differ from the recorded one. Everything else must be
 * equal, so a difference names its place exactly and says why it is none in meaning.
 */
export type Difference = { readonly at: PathPattern; readonly because: string } & (
  | {
      /** The member says nothing when it has this value: as if it were absent. */
      readonly absentMeans: JsonValue;
    }
  | {
      /** We may write the member where the recording has none. Where it has one, ours must be equal. */
      readonly mayBeAdded: true;
    }
  | {
      /** We may leave the member out. Where we write it, it must be equal. */
      readonly mayBeLeftOut: true;
    }
  | {
      /** Two spellings of one thing: both sides are compared in this one. */
      readonly sameAs: (value: JsonValue, parent: JsonObject) => JsonValue | undefined;
    }
  | {
      /** The member has another name, which is used where it stands alone. */
      readonly anotherNameFor: string;
    }
  | {
      /** Below this place null is a value, and not the same as absent. */
      readonly nullMatters: true;
    }
);

/** The two bodies as they compare: null members are absent members, and documented differences are gone. */
export function withoutDifferences(
  recorded: JsonValue,
  ours: JsonValue,
  differences: readonly Difference[],
): { readonly recorded: JsonValue; readonly ours: JsonValue } {
  const [first, second] = [recorded, ours].map((body) => withoutNulls(body, differences));
  const sides = [{ body: first ?? null }, { body: second ?? null }] as const;
  for (const difference of differences) {
    const at =
      difference.at === '' ? 'body' : difference.at.startsWith('[]') ? `body${difference.at}` : `body.${difference.at}`;
    if ('mayBeAdded' in difference) removeWhereAbsent(sides[1], sides[0], at);
    else if ('mayBeLeftOut' in difference) removeWhereAbsent(sides[0], sides[1], at);
    else for (const side of sides) applyToBoth(side, at, difference);
  }
  return { recorded: sides[0].body, ours: sides[1].body };
}

function removeWhereAbsent(from: { body: JsonValue }, other: { body: JsonValue }, at: string): void {
  visit(from, at, (parent, key, place) => {
    if (valueAt(other, place) === undefined) setMember(parent, key, undefined);
  });
}

function applyToBoth(side: { body: JsonValue }, at: string, difference: Difference): void {
  if ('nullMatters' in difference) return;
  visit(side, at, (parent, key) => {
    const value = member(parent, key);
    if (value === undefined) return;
    if ('absentMeans' in difference) {
      if (JSON.stringify(value) === JSON.stringify(difference.absentMeans)) setMember(parent, key, undefined);
    } else if ('anotherNameFor' in difference) {
      if (member(parent, difference.anotherNameFor) !== undefined) return;
      setMember(parent, difference.anotherNameFor, value);
      setMember(parent, key, undefined);
    } else if ('sameAs' in difference) {
      setMember(parent, key, difference.sameAs(value, parent as JsonObject));
    }
  });
}

/** A copy in which null members are absent, but below places where null matters. */
function withoutNulls(body: JsonValue, differences: readonly Difference[]): JsonValue {
  const copy = structuredClone(body);
  const verbatim = new Set<unknown>();
  for (const difference of differences) {
    if ('nullMatters' in difference) visit(copy, difference.at, (parent, key) => verbatim.add(member(parent, key)));
  }
  prune(copy, verbatim);
  return copy;
}

function prune(value: JsonValue | undefined, verbatim: ReadonlySet<unknown>): void {
  if (typeof value !== 'object' || value === null || verbatim.has(value)) return;
  if (Array.isArray(value)) {
    for (const entry of value) prune(entry, verbatim);
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    if (one === null || one === undefined) delete (value as Record<string, unknown>)[key];
    else prune(one, verbatim);
  }
}
