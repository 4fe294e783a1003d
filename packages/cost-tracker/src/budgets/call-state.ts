import type { NanoUsd } from '@signalbox/core';

/** What one request has used so far, over all its attempts. */
export interface CallState {
  /** Of attempts that are over. */
  spent: NanoUsd;
  /** For attempts that are under way. */
  reserved: NanoUsd;
  /** Ids of the candidates that were asked, few as they are: another attempt there is no use of its own. */
  readonly asked: string[];
}

/** Remembers requests for as long as somebody holds the object that stands for them. */
export function createCallStates(): (call: object | undefined) => CallState | undefined {
  const states = new WeakMap<object, CallState>();
  return (call) => {
    if (call === undefined) return undefined;
    let state = states.get(call);
    if (state === undefined) {
      state = { spent: 0, reserved: 0, asked: [] };
      states.set(call, state);
    }
    return state;
  };
}

/** What another attempt of the request may cost; `Infinity` where requests have no limit. */
export function leftOfCall(perRequest: NanoUsd | undefined, state: CallState | undefined): NanoUsd {
  if (perRequest === undefined) return Number.POSITIVE_INFINITY;
  return perRequest - (state === undefined ? 0 : state.spent + state.reserved);
}
