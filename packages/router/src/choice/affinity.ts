import {
  type Caller,
  type Candidate,
  type Inbound,
  type KeptState,
  type ModelRequest,
  type ModelResponse,
  type Part,
  RouterError,
  responseEvents,
  type ServerState,
  wholeBytes,
} from '@signalbox/core';
import { mayReach } from '../caller/owner-of.ts';
import type { Holder, Holders } from '../kept/holders.ts';
import type { Route } from './candidates.ts';

/** What a request goes on from, and who keeps it. */
export interface HeldState {
  readonly id: string;
  readonly parameter: string;
  readonly holder: Holder;
}

/** Knows what requests go on from: a stored answer can be continued only where it is, and encrypted reasoning be read by its issuer alone. */
export interface Affinity {
  /**
   * The request with the issuers of the reasoning that it brings, as far as they are known: what comes over the wire names nobody. The very same where there is nothing
   * to tell.
   */
  identify(inbound: Inbound): Inbound;
  /** What the request can't do without. */
  heldBy(inbound: Inbound): readonly HeldState[];
  /** Whether it brings reasoning that another provider has encrypted: its bytes are not for this one. */
  bringsForeign(inbound: Inbound, provider: string): boolean;
}

interface Brought {
  readonly held: readonly HeldState[];
  /** Providers whose reasoning it brings. */
  readonly issuers: ReadonlySet<string>;
}

/**
 * What `holders` do not know is left to the provider to judge. Of `candidates`, how many providers keep anything: where there is one alone, no request is looked into, since
 * there is nobody to take it for.
 */
export function createAffinity(candidates: readonly Candidate[], holders: Holders): Affinity {
  let keepers: number | undefined;
  const brought = new WeakMap<Inbound, Brought>();
  /** What requests name at their top: asked for once for each, whoever wants to know it how often. */
  const named = new WeakMap<ServerState, readonly HeldState[]>();

  function holderOfState(state: ServerState): readonly HeldState[] {
    let held = named.get(state);
    if (held === undefined) {
      const { id, parameter } = state;
      const holder = id === undefined ? undefined : holders.of(id);
      held = id === undefined || holder === undefined ? [] : [{ id, parameter, holder }];
      named.set(state, held);
    }
    return held;
  }

  return {
    identify(inbound) {
      const { wire } = inbound;
      const state = wire?.format.keptState;
      if (wire === undefined || state === undefined || !holders.mayKnow) return inbound;
      keepers ??= new Set(candidates.filter(keepsState).map(({ provider }) => provider.id)).size;
      if (keepers < 2) return inbound;
      if (!state.mayBring(wholeBytes(wire.body))) return inbound;
      const request = readable(inbound);
      if (request === undefined) return inbound;
      const held: HeldState[] = [];
      const issuers = new Set<string>();
      const own = ownIssuer(wire.format);
      const found = holders.ofAll(namesIn(request, state));
      const identified = withParts(request, (part) => {
        const named = state.nameOf(part);
        const holder = named === undefined ? undefined : found.get(named.name);
        if (named === undefined || holder === undefined) return part;
        if (named.parameter !== undefined) held.push({ id: named.name, parameter: named.parameter, holder });
        else if (part.type === 'reasoning') {
          issuers.add(holder.provider);
          return { ...part, encrypted: { issuer: own(holder.provider), value: part.encrypted?.value ?? '' } };
        }
        return part;
      });
      if (held.length === 0 && issuers.size === 0) return inbound;
      const known: Inbound = { ...inbound, request: () => identified };
      brought.set(known, { held, issuers });
      return known;
    },
    heldBy(inbound) {
      const { serverState } = inbound.head;
      const stored = serverState === undefined ? [] : holderOfState(serverState);
      return [...stored, ...(brought.get(inbound)?.held ?? [])];
    },
    bringsForeign(inbound, provider) {
      const issuers = brought.get(inbound)?.issuers;
      return issuers !== undefined && [...issuers].some((issuer) => issuer !== provider);
    },
  };
}

function keepsState({ provider: { format, alsoSpeaks = [] } }: Candidate): boolean {
  return [format, ...alsoSpeaks].some((one) => one.keptState !== undefined);
}

/** A request that can't be read is its provider's to judge. */
function readable(inbound: Inbound): ModelRequest | undefined {
  try {
    return inbound.request();
  } catch (error) {
    if (RouterError.is(error)) return undefined;
    throw error;
  }
}

function ownIssuer({ id, reasoningIssuer = id }: NonNullable<Inbound['wire']>['format']): (provider: string) => string {
  return typeof reasoningIssuer === 'function' ? reasoningIssuer : () => reasoningIssuer;
}

/** All that the parts of a request bring back. */
function namesIn(request: ModelRequest, state: KeptState): readonly string[] {
  const names: string[] = [];
  withParts(request, (part) => {
    const named = state.nameOf(part);
    if (named !== undefined) names.push(named.name);
    return part;
  });
  return names;
}

function withParts(request: ModelRequest, change: (part: Part) => Part): ModelRequest {
  const inside = (part: Part): Part => {
    // Files of results; there is no reasoning in them.
    if (part.type === 'tool-result') for (const one of part.content) change(one);
    return change(part);
  };
  return {
    ...request,
    messages: request.messages.map((message) => ({ ...message, parts: message.parts.map(inside) })),
  };
}

/** What an answer gives out, event by event; undefined where its caller could not name it again: ids go back in the provider's own format alone. */
export function issuedIds(candidate: Candidate, inbound: Inbound): KeptState['issuedBy'] | undefined {
  const { format } = candidate.provider;
  return inbound.wire?.format.id === format.id ? format.keptState?.issuedBy : undefined;
}

/** All that a whole answer gives out. */
export function issuedWith(response: ModelResponse, candidate: Candidate, inbound: Inbound): readonly string[] {
  const issuedBy = issuedIds(candidate, inbound);
  return issuedBy === undefined ? [] : [...responseEvents(response)].flatMap(issuedBy);
}

/** What others may not go on from: an answer holds what its caller said. Conversations and files are made elsewhere, for whoever knows their ids. */
const OWNED: ReadonlySet<string> = new Set(['previous_response_id', 'input.item_reference']);

/**
 * A route narrowed to the provider that keeps what the request goes on from, where that is known. Throws RouterError `unsupported`, and `invalid-request` for what was answered to
 * somebody else.
 */
export function keepToHolder(
  route: Route,
  held: readonly HeldState[],
  caller: Caller,
  /** Who there is at all. */
  { candidates: all, holders }: { readonly candidates: readonly Candidate[]; readonly holders: Holders },
): Route {
  const [first] = held;
  if (first === undefined) return route;
  const { parameter } = first;
  const strange = held.find((one) => OWNED.has(one.parameter) && !reaches(caller, one, holders));
  if (strange !== undefined) {
    throw new RouterError({
      kind: 'invalid-request',
      message: `${strange.parameter} names nothing that was made with this key: send the conversation itself.`,
      parameter: strange.parameter,
    });
  }
  const { provider } = first.holder;
  const other = held.find((one) => one.holder.provider !== provider);
  if (other !== undefined) {
    throw new RouterError({
      kind: 'unsupported',
      message: `${parameter} refers to what ${provider} keeps, and ${other.parameter} to what ${other.holder.provider} keeps: no provider has both. Send the content itself.`,
      parameter: other.parameter,
    });
  }
  const candidates = route.candidates.filter((candidate) => candidate.provider.id === provider);
  if (candidates.length > 0) return { ...route, candidates };
  const why = all.some((candidate) => candidate.provider.id === provider)
    ? 'the model asked for is not there'
    : `there is no provider "${provider}" here any more, or none with a key`;
  throw new RouterError({
    kind: 'unsupported',
    message: `${parameter} refers to what ${provider} keeps, and ${why}: send the ${parameter === 'input.file_id' ? 'file' : 'conversation'} itself.`,
    parameter,
  });
}

/** Somebody else may have been given the same answer meanwhile, in another process. */
function reaches(caller: Caller, { id, holder }: HeldState, holders: Holders): boolean {
  if (mayReach(caller, holder.owners)) return true;
  const anew = holders.anew(id);
  return anew !== undefined && mayReach(caller, anew.owners);
}
