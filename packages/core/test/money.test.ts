import { describe, expect, it } from 'vitest';
import { formatUsd, nanoToUsd, usdToNano } from '../src/index.ts';

describe('an amount of money', () => {
  it.each([
    [0, '$0.00'],
    [12.345, '$12.35'],
    [0.1, '$0.10'],
    [0.095, '$0.10'],
    [0.094, '$0.094'],
    [0.0021, '$0.0021'],
    [0.00004, '$0.000040'],
    [1e-9, '$0.000000001'],
    [-0.5, '-$0.50'],
    [-0.0021, '-$0.0021'],
  ])('of %d dollars is written %s', (usd, text) => expect(formatUsd(usdToNano(usd))).toBe(text));

  it('goes to nano-dollars and back', () => expect(nanoToUsd(usdToNano(0.0021))).toBe(0.0021));
});
