import type { Reservation } from '@signalbox/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ProviderLimits } from '../src/index.ts';
import { attempt, isReservation, limiter } from './limiter.ts';
import { settled } from './manual-clock.ts';

const REQUESTS = 5;
const SHORT = { requests: REQUESTS, perMs: 1_000 };
const LONG = { requests: 12, perMs: 10_000 };
const TOKENS = 600;
const AT_ONCE = 4;
const OF_SMALL = 2;
const LIMITS: ProviderLimits = {
  requests: [SHORT, LONG],
  tokensPerMinute: TOKENS,
  maxConcurrent: AT_ONCE,
  models: { small: { maxConcurrent: OF_SMALL } },
};

/** Anything that callers, providers and time may do. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      model: fc.constantFrom('small', 'large'),
      tokens: fc.integer({ min: 1, max: 120 }),
      patienceMs: fc.constantFrom(0, 500, 5_000, 120_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 50, 300, 900, 4_000, 9_000) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('settle' as const, 'fail' as const, 'release' as const),
      which: fc.nat(20),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), which: fc.nat(20) }) },
);

interface Waiting {
  readonly place: number;
  readonly model: string;
  readonly controller: AbortController;
}
interface Admitted {
  readonly at: number;
  readonly tokens: number;
  readonly place: number;
  readonly model: string;
  readonly given: Reservation;
}

/** Within any span of that length. */
function most(admitted: readonly Admitted[], perMs: number, amountOf: (one: Admitted) => number): number {
  return Math.max(
    0,
    ...admitted.map(({ at: from }) =>
      admitted.filter(({ at }) => at >= from && at < from + perMs).reduce((sum, one) => sum + amountOf(one), 0),
    ),
  );
}

it('whatever happens: no limit is exceeded, nobody is overtaken, nothing is leaked, no timer is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), async (steps) => {
      const { clock, reserve, take, check, model } = limiter(LIMITS);
      // Those that were really sent: what is released was not.
      const admitted: Admitted[] = [];
      let open: Admitted[] = [];
      let waiting: Waiting[] = [];
      let places = 0;
      const overtaken: number[] = [];
      let atOnce = 0;
      let ofSmall = 0;
      const admit = (one: Admitted) => {
        admitted.push(one);
        open.push(one);
        atOnce = Math.max(atOnce, open.length);
        ofSmall = Math.max(ofSmall, open.filter((other) => other.model === 'small').length);
        // Who is let in has nobody before it in the line that wants the same model.
        if (waiting.some(({ place, model: wanted }) => place < one.place && wanted === one.model))
          overtaken.push(one.place);
      };
      const close = (which: number) => {
        const one = open[which % Math.max(1, open.length)];
        open = open.filter((other) => other !== one);
        return one;
      };

      for (const one of steps) {
        if (one.kind === 'wait') await clock.advance(one.ms);
        if (one.kind === 'abort') waiting[one.which % Math.max(1, waiting.length)]?.controller.abort();
        if (one.kind === 'settle') close(one.which)?.given.settle(attempt());
        if (one.kind === 'fail') close(one.which)?.given.settle(attempt({ outcome: 'aborted' }));
        if (one.kind === 'release') {
          const released = close(one.which);
          released?.given.release();
          if (released !== undefined) admitted.splice(admitted.indexOf(released), 1);
        }
        if (one.kind === 'reserve') {
          places += 1;
          const place = places;
          const controller = new AbortController();
          const { patienceMs, tokens } = one;
          const given = reserve({ on: model(one.model), input: tokens, patienceMs, signal: controller.signal });
          const arrived = (answer: unknown) => {
            waiting = waiting.filter((other) => other.place !== place);
            if (!isReservation(answer)) return;
            admit({ at: clock.now(), tokens, place, model: one.model, given: answer });
          };
          if (given instanceof Promise) {
            waiting.push({ place, model: one.model, controller });
            void given.then(arrived, () => {
              waiting = waiting.filter((other) => other.place !== place);
            });
          } else arrived(given);
        }
        await settled();
      }
      expect({ overtaken, atOnce: atOnce <= AT_ONCE, ofSmall: ofSmall <= OF_SMALL }).toEqual({
        overtaken: [],
        atOnce: true,
        ofSmall: true,
      });
      expect(most(admitted, SHORT.perMs, () => 1)).toBeLessThanOrEqual(SHORT.requests);
      expect(most(admitted, LONG.perMs, () => 1)).toBeLessThanOrEqual(LONG.requests);
      expect(most(admitted, 60_000, ({ tokens }) => tokens)).toBeLessThanOrEqual(TOKENS);

      // When all is over and its time has passed, everything is free again.
      for (const { controller } of waiting) controller.abort();
      await settled();
      for (const { given } of open) given.settle(attempt());
      await settled();
      for (const { given } of open) given.settle(attempt());
      expect(clock.timers).toBe(0);
      await clock.advance(60_000);
      const again = Array.from({ length: AT_ONCE }, () => take({ on: model('large'), input: 100 }));
      expect(check()).toBeDefined();
      for (const given of again) given.settle(attempt());
      take({ on: model('small'), input: 100 });
    }),
    { numRuns: 200 },
  );
});
