import type { ModelFacts } from '@signalbox/core';
import type { NamedModel, NameIndex } from './name-index.ts';
import { lifeWarning } from './service-life.ts';
import { withoutDate } from './version.ts';

/** What a name that somebody wrote stands for. */
export interface Resolution {
  readonly facts: ModelFacts;
  /** The id to send to the provider. */
  readonly send: string;
  /**
   * `exact`: the model's own id; `alias`: another name of the same model; `short`: a short name (`anthropic.opus`);
   * `assumed`: the nearest model that the catalogue has, whose facts and prices may not be those of what was asked for.
   */
  readonly kind: 'exact' | 'alias' | 'assumed' | 'short';
  /** One sentence for the user: the name was never served, the model no longer is, or the facts are another's. */
  readonly warning?: string | undefined;
}

/** Looks a name up among the given providers, in their order. */
export function resolve(
  name: string,
  indexes: readonly NameIndex[],
  provider: string | undefined,
  today: string,
): Resolution | undefined {
  const wanted = name.trim();
  if (wanted === '') return undefined;
  const scope = provider === undefined ? indexes : indexes.filter((index) => index.provider === provider);
  return (
    first(scope, (index) => lookUp(wanted, index, today)) ??
    (provider === undefined ? undefined : first(scope, (index) => lookUpShort(wanted, index, today))) ??
    first(scope, (index) => lookUpPrefixed(wanted, index, today)) ??
    first(scope, (index) => lookUpAnyCase(wanted, index, today)) ??
    first(scope, (index) => lookUpSnapshot(wanted, index))
  );
}

function first<Item, Result>(items: readonly Item[], find: (item: Item) => Result | undefined): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lookUp(name: string, index: NameIndex, today: string): Resolution | undefined {
  const found = index.names.get(name);
  return found && resolution(name, found, index, today);
}

/** `opus`: only where it is known whose. */
function lookUpShort(name: string, index: NameIndex, today: string): Resolution | undefined {
  const found = index.shortNames.get(name);
  return found && resolution(name, found, index, today);
}

/** In other letters, or without the `-latest` under which a model is listed. */
function lookUpAnyCase(name: string, index: NameIndex, today: string): Resolution | undefined {
  const lower = name.toLowerCase();
  const found = index.lowerCase.get(lower) ?? index.lowerCase.get(`${lower}-latest`);
  return found && resolution(name, found, index, today);
}

/** `provider/model` and `provider.short`. */
function lookUpPrefixed(name: string, index: NameIndex, today: string): Resolution | undefined {
  const { length } = index.provider;
  const sign = name[length];
  if ((sign !== '/' && sign !== '.') || name.slice(0, length).toLowerCase() !== index.provider.toLowerCase()) {
    return undefined;
  }
  const rest = name.slice(length + 1);
  const named = () => lookUp(rest, index, today);
  const short = () => lookUpShort(rest, index, today);
  return (
    // After a dot a short name is meant, after a slash an id.
    (sign === '.' ? (short() ?? named()) : (named() ?? short())) ??
    lookUpShort(rest.toLowerCase(), index, today) ??
    lookUpAnyCase(rest, index, today) ??
    lookUpSnapshot(rest, index)
  );
}

/** A dated id that came out after the catalogue was made: the user's own id is sent, with the facts of its family. */
function lookUpSnapshot(name: string, index: NameIndex): Resolution | undefined {
  const base = withoutDate(name.toLowerCase());
  if (base === undefined) return undefined;
  const kin = first([base, `${base}-latest`, `${base}-0`], (candidate) => index.lowerCase.get(candidate));
  if (kin === undefined) return undefined;
  const { facts } = kin;
  if (kin.kind === 'assumed') {
    return { facts, send: kin.send, kind: 'assumed', warning: neverServed(name, kin.send) };
  }
  const warning = `${name} is not in the catalogue: limits and prices of ${facts.id} are assumed`;
  return { facts, send: name, kind: 'assumed', warning };
}

function resolution(name: string, found: NamedModel, index: NameIndex, today: string): Resolution {
  const { facts, send, kind } = found;
  const never = kind === 'assumed' ? neverServed(name, send) : undefined;
  const life = lifeWarning(kind === 'assumed' ? send : name, facts, index.models, today);
  const warnings = [never, life].filter((one) => one !== undefined);
  return { facts, send, kind, warning: warnings.length > 0 ? warnings.join('; ') : undefined };
}

function neverServed(name: string, send: string): string {
  return `${name} was never served under that name: sending ${send}`;
}
