import { describe, expect, test } from 'vitest';
import { compilePattern } from '../src/index.ts';
import { parse } from './parse.ts';

const rule = (pattern: string) => JSON.stringify({ routing: { rules: [{ pattern, model: 'x' }] } });

describe('the pattern of a rule', () => {
  test('matches anywhere, in any case, across lines', () => {
    expect(compilePattern('.*\\.(js|ts|py|go).*')('please\nfix App.TS\nnow')).toBe(true);
    expect(compilePattern('^(what|how|why|when).*')('How do I exit vim?')).toBe(true);
    expect(compilePattern('^(what|how|why|when).*')('Tell me how')).toBe(false);
    expect(compilePattern('.*analyze.*data.*')('Analyze\nall the data')).toBe(true);
    expect(compilePattern('\\bübung\\b|straße')('die STRASSE, die Straße')).toBe(true);
  });

  test('takes no more time for a pattern that makes other engines run for years', () => {
    const text = `${'a'.repeat(30_000)}!`;
    expect(compilePattern('^(a+)+$')(text)).toBe(false);
    expect(compilePattern('(.*)*x')(text)).toBe(false);
  });

  test('reads 32,000 characters and no more', () => {
    expect(compilePattern('end')(`${'x'.repeat(31_990)}end`)).toBe(true);
    expect(compilePattern('end')(`${'x'.repeat(40_000)}end`)).toBe(false);
  });

  test('is refused where it needs more than linear time, with a sentence of its own', () => {
    expect(() => parse(rule('(?=a)b'))).toThrow(
      'routing.rules[0].pattern: expected a regular expression without look-around and back references, found the text "(?=a)b"',
    );
    expect(() => parse(rule('(a)\\1'))).toThrow('without look-around and back references');
    expect(() => parse(rule('('))).toThrow(
      'routing.rules[0].pattern: expected a regular expression, found the text "("',
    );
  });
});
