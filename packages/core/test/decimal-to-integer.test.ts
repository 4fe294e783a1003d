import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalToInteger } from '../src/index.ts';

describe('decimalToInteger', () => {
  test.each([
    [0.003625, 9, 3_625_000],
    [75, 9, 75_000_000_000],
    [0, 9, 0],
    [1e-7, 9, 100],
    [0.00025, 12, 250_000_000],
    ['.5', 3, 500],
    ['1.50', 1, 15],
    ['2e3', 0, 2000],
    [-0.5, 1, -5],
    [120, -1, 12],
    ['1e-12', 12, 1],
    [' 1.5 ', 1, 15],
    ['00000000000000000001', 0, 1],
    ['9007199254740991', 0, Number.MAX_SAFE_INTEGER],
    ['0e99', 9, 0],
    ['-0.0', 1, 0],
  ])('%s with %d places is %d', (value, places, integer) => {
    expect(decimalToInteger(value, places)).toBe(integer);
  });

  test.each([
    [0.0000000001, 9, 'has a digit too many'],
    [Number.NaN, 9, 'is not a number'],
    [Number.POSITIVE_INFINITY, 9, 'is not finite'],
    ['', 9, 'is empty'],
    ['.', 9, 'has no digit'],
    ['1,5', 9, 'is not written with a point'],
    [1e300, 9, 'does not fit'],
    [90_071_993, 9, 'does not fit either'],
    ['9007199254740993', 0, 'is one more than fits'],
  ])('%s with %d places %s', (value, places, _reason) => {
    expect(decimalToInteger(value, places)).toBeUndefined();
  });

  test('is exact for every decimal that is written out', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(999_999_999), (whole, fraction) => {
        const text = `${whole}.${String(fraction).padStart(9, '0')}`;
        expect(decimalToInteger(text, 9)).toBe(Number(BigInt(whole) * 1_000_000_000n + BigInt(fraction)));
      }),
    );
  });

  test('gives back a number that was read from text', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000_000), (nano) => {
        expect(decimalToInteger(nano / 1_000_000_000, 9)).toBe(nano);
      }),
    );
  });
});
