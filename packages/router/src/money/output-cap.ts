import type { Candidate, Inbound } from '@signalbox/core';

/** The lower of two limits; undefined: there is none. */
export function lowest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** What a candidate's output is to be limited to because the request asks for more than it can give; undefined: as it stands. */
export function outputCap(inbound: Inbound): (candidate: Candidate) => number | undefined {
  return ({ facts }) => {
    const wanted = facts.maxOutput === undefined ? undefined : inbound.request().maxOutputTokens;
    return wanted !== undefined && wanted > (facts.maxOutput ?? wanted) ? facts.maxOutput : undefined;
  };
}
