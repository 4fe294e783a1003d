import { RouterError } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { perThousandTokens, ratesPerThousandTokens } from '../src/index.ts';

describe('dollars per thousand tokens', () => {
  test.each([
    [0.00025, 250_000_000],
    [0.00125, 1_250_000_000],
    [0.015, 15_000_000_000],
    [0.075, 75_000_000_000],
    [0, 0],
    [1e-12, 1],
    [0.000333333333333333, 333_333_333],
  ])('%s is %d nano-dollars per million', (dollars, nano) => {
    expect(perThousandTokens(dollars)).toBe(nano);
  });

  test('are exact for every price that is written with up to twelve decimals', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000_000), (nano) => {
        expect(perThousandTokens(Number(`${nano}e-12`))).toBe(nano);
      }),
    );
  });

  test('a block keeps the kinds that are there', () => {
    expect(ratesPerThousandTokens({ input: 0.003, output: 0.015, cacheRead: undefined })).toEqual({
      input: 3_000_000_000,
      output: 15_000_000_000,
    });
  });

  test.each([-0.001, Number.NaN, Number.POSITIVE_INFINITY, 1e9])(
    '%d is refused, saying what is expected',
    (dollars) => {
      try {
        ratesPerThousandTokens({ output: dollars });
        expect.unreachable();
      } catch (error) {
        expect(RouterError.is(error) && error.kind).toBe('configuration');
        expect(String(error)).toContain(`The price of output is ${dollars}: write dollars per thousand tokens`);
      }
    },
  );
});
