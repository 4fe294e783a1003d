import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closest } from '../src/index.ts';

const KEYS = ['api_key', 'endpoint', 'models', 'default', 'timeout', 'rate_limit', 'headers', 'package', 'options'];

describe('what was probably meant', () => {
  test.each([
    ['timeuot', 'timeout'],
    ['apiKey', 'api_key'],
    ['api-key', 'api_key'],
    ['model', 'models'],
    ['ratelimits', 'rate_limit'],
    ['url', 'endpoint'],
  ])('%s: %s', (name, expected) => {
    expect(closest(name, KEYS)).toBe(expected);
  });

  test.each(['zebra', '', 'x', 'constructor', 'x'.repeat(10_000)])('nothing near %s', (name) => {
    expect(closest(name, KEYS)).toBeUndefined();
  });

  test('one slip in a name of six letters or more is always found', () => {
    const long = KEYS.filter((key) => key.replace('_', '').length >= 6);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(), fc.constantFrom('drop', 'double', 'swap'), (key, at, slip) => {
        const index = at % (key.length - 1);
        const letters = [...key];
        if (slip === 'drop') letters.splice(index, 1);
        else if (slip === 'double') letters.splice(index, 0, letters[index] ?? '');
        else letters.splice(index, 2, letters[index + 1] ?? '', letters[index] ?? '');
        fc.pre(letters.join('') !== key);
        expect(closest(letters.join(''), KEYS)).toBe(key);
      }),
    );
  });
});
