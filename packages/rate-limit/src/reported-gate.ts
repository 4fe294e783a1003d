import { headerRetryAfterMs, type ReportedLimit, reportedLimits } from '@signalbox/core';
import type { Demand } from './demand.ts';
import { type Gate, type Hindrance, longer } from './gate.ts';

/** What a provider says of itself is believed for so long; then a call finds out. An account may have been raised since. */
const BELIEVED_MS = 300_000;
/** How long nothing is sent where nothing is left and nobody says until when. */
const REST_MS = 1_000;
/** Windows in which limits that refill evenly do so. */
const WINDOWS_MS = [1_000, 60_000, 3_600_000, 86_400_000];

/** A limit as it was last reported. */
interface Told {
  readonly counts: ReportedLimit['counts'];
  readonly limit: number | undefined;
  /** Less what was sent since. */
  remaining: number;
  readonly at: number;
  /** Unix milliseconds; from then on nothing is known. */
  readonly until: number;
  /** How much of it comes back in a millisecond, where it is seen to do so evenly; else all of it comes back at `until`. */
  readonly refill: number | undefined;
}

/** A gate at the limits that a provider reports of itself for one model by one key. */
export function createReportedGate(): Gate {
  const told = new Map<string, Told>();
  let heldUntil = 0;
  let sent = 0;

  /** Whether something still holds. What would do so for longer than anything is believed was said by a clock that was set back since. */
  const holds = (until: number, now: number) => until > now && until - now <= BELIEVED_MS;

  /** What a call takes of a limit. A request is measured only where the limit is half used: most have no need of it. */
  function needOf({ counts, limit, remaining }: Told, demand: Demand): number {
    const need =
      counts === 'tokens' && remaining > 0 && remaining < (limit ?? Number.POSITIVE_INFINITY) / 2
        ? demand.inputTokens() + demand.outputTokens()
        : 1;
    return Math.min(need, limit ?? need);
  }

  function report(limit: ReportedLimit, mark: number, now: number): void {
    const id = `${limit.counts} ${limit.window}`;
    const { counts, resetMs } = limit;
    // Requests that were sent after the one that is answered are not in its figures yet.
    const since = counts === 'requests' ? sent - mark : 0;
    told.set(id, {
      counts,
      limit: limit.limit,
      remaining: Math.max(0, limit.remaining - since),
      at: now,
      until: now + Math.min(BELIEVED_MS, resetMs ?? REST_MS),
      refill: refillOf(limit, told.get(id)?.refill),
    });
  }

  return {
    isShared: false,
    tokensOf: () => 0,

    hindrance(demand, _ahead, now) {
      let longest: Hindrance | undefined;
      if (holds(heldUntil, now)) longest = { waitMs: heldUntil - now, reason: 'asked to be left alone' };
      for (const one of told.values()) {
        if (!holds(one.until, now)) continue;
        const need = needOf(one, demand);
        const left = one.remaining + (one.refill ?? 0) * Math.max(0, now - one.at);
        if (left >= need) continue;
        const untilFull = one.until - now;
        const waitMs = one.refill === undefined ? untilFull : Math.min(untilFull, (need - left) / one.refill);
        const of = one.limit === undefined ? '' : ` of ${one.limit}`;
        const what =
          one.counts === 'requests' ? 'requests' : one.counts === 'output-tokens' ? 'tokens of output' : 'tokens';
        longest = longer(longest, { waitMs, reason: `reports ${Math.max(0, Math.floor(left))}${of} ${what} left` });
      }
      return longest;
    },

    pass(demand, now) {
      sent += 1;
      const mark = sent;
      const taken: (readonly [Told, number])[] = [];
      for (const one of told.values()) {
        if (!holds(one.until, now)) continue;
        const need = needOf(one, demand);
        one.remaining -= need;
        taken.push([one, need]);
      }
      let asked: number | undefined;
      return {
        end: () => undefined,
        undo() {
          for (const [one, need] of taken) one.remaining += need;
        },
        answered(headers, at) {
          const wait = headerRetryAfterMs(headers);
          if (wait !== undefined) asked = at + Math.min(BELIEVED_MS, wait);
          for (const limit of reportedLimits(headers, at)) report(limit, mark, at);
        },
        wasLimited() {
          if (asked === undefined) return;
          // When to come back was said in so many words: that is what holds.
          told.clear();
          heldUntil = Math.max(heldUntil, asked);
        },
      };
    },
  };
}

/**
 * How fast a limit comes back, where its own figures show that it does so evenly: what is used and the time until all of it is free are in the
 * proportion of the limit and a usual window (OpenAI: one request of 5,000 a minute is free after 12 ms). Figures of an almost used-up limit
 * fit any window, so they say nothing new.
 */
function refillOf({ limit, remaining, resetMs }: ReportedLimit, before: number | undefined): number | undefined {
  if (limit === undefined || resetMs === undefined) return undefined;
  const used = limit - remaining;
  if (used <= 0 || used > limit * 0.9) return before;
  const window = (resetMs * limit) / used;
  const usual = WINDOWS_MS.find((one) => Math.abs(one - window) <= one * 0.05);
  return usual === undefined ? undefined : limit / usual;
}
