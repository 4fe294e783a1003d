import type { NanoUsd } from '@signalbox/core';

/** What one request has used so far, over all its attempts. */
export class CallState {
  /** Of attempts that are over. */
  spent: NanoUsd = 0;
  /** For attempts that are under way. */
  reserved: NanoUsd = 0;
  /** Ids of the candidates that were asked, few as they are: another attempt there is no use of its own. */
  readonly asked: string[] = [];
}

/** Remembers requests on the objects that stand for them. A weak map would do the same at several times the cost, and the collector looks through all of one. */
export function createCallStates(): (call: object | undefined) => CallState | undefined {
  const own = Symbol('what budgets know of a call');
  return (call: { [own]?: CallState } | undefined) => {
    if (call === undefined) return undefined;
    call[own] ??= new CallState();
    return call[own];
  };
}

/** What another attempt of the request may cost; `Infinity` where requests have no limit. */
export function leftOfCall(perRequest: NanoUsd | undefined, state: CallState | undefined): NanoUsd {
  if (perRequest === undefined) return Number.POSITIVE_INFINITY;
  return perRequest - (state === undefined ? 0 : state.spent + state.reserved);
}
