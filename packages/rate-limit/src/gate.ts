import type { WireHeaders } from '@signalbox/core';
import type { Demand } from './demand.ts';
import type { LimitStore } from './limit-store.ts';
import type { LimitWindow, Taken } from './limit-window.ts';
import { inWords, type Limits } from './limits.ts';

/** Why a call can't be made now. */
export interface Hindrance {
  /** Milliseconds until it may be different; `Infinity`: when a call ends, or never. */
  readonly waitMs: number;
  /** One clause: `is at its limit of 50 requests a minute`. */
  readonly reason: string;
  /** It does not fit the limit at any time. */
  readonly never?: boolean | undefined;
}

/** The one of two that lasts longer, as far as that is known. */
export function longer(one: Hindrance | undefined, other: Hindrance | undefined): Hindrance | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.never === true || other.never === true) return one.never === true ? one : other;
  if (!Number.isFinite(one.waitMs)) return other;
  return Number.isFinite(other.waitMs) && other.waitMs > one.waitMs ? other : one;
}

/** Calls that stand before one in a line. */
export interface Ahead {
  readonly requests: number;
  readonly tokens: number;
}

export const NOBODY_AHEAD: Ahead = { requests: 0, tokens: 0 };

/** Something that a call has to pass. */
export interface Gate {
  /** All calls to the provider pass it: where it is closed, nobody need look further. */
  readonly isShared: boolean;
  hindrance(demand: Demand, ahead: Ahead, now: number): Hindrance | undefined;
  /** Tokens that a call takes here; 0 where none are counted. */
  tokensOf(demand: Demand): number;
  /** Lets a call through. */
  pass(demand: Demand, now: number): Passage;
}

/** A call that is under way. `end` or `undo` is called, once. */
export interface Passage {
  /** The head of the provider's answer is there. */
  answered?(headers: WireHeaders, now: number): void;
  /** The provider refused the call for a limit's sake. */
  wasLimited?(): void;
  /** The call is over; undefined: nobody knows how many tokens it took. */
  end(tokens: number | undefined): void;
  /** No call was made. */
  undo(): void;
}

/** Where a gate stands. */
export interface GatePlace {
  /** For the store: what counts under the same name counts together. */
  readonly name: string;
  readonly isShared: boolean;
  /** Something has become free elsewhere: who waits may look again. */
  readonly onFree: () => void;
}

/** A gate with configured limits; undefined where there are none. */
export function createGate(limits: Limits, { name, isShared, onFree }: GatePlace, store: LimitStore): Gate | undefined {
  const { maxConcurrent, tokensPerMinute } = limits;
  const byRequests = (limits.requests ?? []).map(({ requests, perMs }, index) => ({
    // Not by its size: a limit that is changed goes on counting.
    window: store.window(`${name} requests #${index}`, { limit: requests, perMs }, onFree),
    words: inWords(requests, 'requests', perMs),
  }));
  const byTokens: LimitWindow | undefined =
    tokensPerMinute === undefined
      ? undefined
      : store.window(`${name} tokens`, { limit: tokensPerMinute, perMs: MINUTE_MS }, onFree);
  if (byRequests.length === 0 && byTokens === undefined && maxConcurrent === undefined) return undefined;
  let underWay = 0;

  /** What is expected of the answer never keeps a request out: its input has to fit. */
  function tokensOf(demand: Demand): number {
    if (tokensPerMinute === undefined) return 0;
    const input = demand.inputTokens();
    return input + Math.min(demand.outputTokens(), Math.max(0, tokensPerMinute - input));
  }

  return {
    isShared,
    tokensOf,

    hindrance(demand, ahead, now) {
      let longest: Hindrance | undefined;
      const found = (waitMs: number, reason: string) => {
        if (waitMs > 0) longest = longer(longest, { waitMs, reason });
      };
      for (const { window, words } of byRequests) {
        found(window.waitMs(ahead.requests + 1, now), `is at its limit of ${words}`);
      }
      if (byTokens !== undefined && tokensPerMinute !== undefined) {
        const tokens = tokensOf(demand);
        const words = inWords(tokensPerMinute, 'tokens', MINUTE_MS);
        if (tokens > tokensPerMinute) {
          const reason = `about ${tokens} tokens of input are more than its limit of ${words}`;
          return { waitMs: Number.POSITIVE_INFINITY, reason, never: true };
        }
        found(byTokens.waitMs(ahead.tokens + tokens, now), `is at its limit of ${words}`);
      }
      if (maxConcurrent !== undefined && underWay >= maxConcurrent) {
        found(
          Number.POSITIVE_INFINITY,
          `has ${underWay} ${underWay === 1 ? 'call' : 'calls'} under way, as many as it may have`,
        );
      }
      return longest;
    },

    pass(demand, now) {
      const requests: Taken[] = byRequests.map(({ window }) => window.take(1, now));
      const tokens = byTokens?.take(tokensOf(demand), now);
      underWay += 1;
      return {
        end(used) {
          underWay -= 1;
          if (used !== undefined) tokens?.correct(used);
        },
        undo() {
          underWay -= 1;
          tokens?.correct(0);
          for (const taken of requests) taken.correct(0);
        },
      };
    },
  };
}

const MINUTE_MS = 60_000;
