import { readFileSync } from 'node:fs';
import { RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { parseDirective } from '../src/index.ts';

const read = (text: string) => parseDirective(text, 'The header x-simulate');

function refusal(text: string): RouterError {
  try {
    read(text);
  } catch (error) {
    if (RouterError.is(error)) return error;
  }
  throw new Error(`"${text}" was not refused`);
}

describe('a directive', () => {
  test('is pairs or JSON', () => {
    const wanted = { status: 429, retryAfter: '2', times: 1 };
    expect(read('status=429; retryAfter=2; times=1')).toEqual(wanted);
    expect(read(' status = 429 ;retryAfter=2;times=1; ')).toEqual(wanted);
    expect(read('{"status":429,"retryAfter":2,"times":1}')).toEqual(wanted);
    expect(read('')).toEqual({});
  });

  test('has flags that need no value, and counts that have one of their own', () => {
    expect(read('noDone; gzip=true; comments=false')).toEqual({ noDone: true, gzip: true, comments: false });
    expect(read('cut; malformed; slowFirstToken')).toEqual({ cut: 0, malformed: 1, slowFirstToken: 20_000 });
  });

  test('quotes text that holds a semicolon or an escape', () => {
    expect(read('text="a; b\\n\\"c\\""; words=2')).toEqual({ text: 'a; b\n"c"', words: 2 });
  });

  test.each([
    ['statuss=1', 'did you mean "status"?'],
    ['retry-after=2', "can't be read at"],
    ['status=99', 'an HTTP status from 200 to 599, not "99"'],
    ['cut=-1', 'a whole number from 0'],
    ['cut=1.5', 'a whole number from 0'],
    ['rate=0', 'a number above 0'],
    ['words=many', 'a number, not "many"'],
    ['reset=yes', 'true or false'],
    ['finish=done', 'one of stop, stop-sequence, length'],
    ['error=teapot', 'one of invalid_request, context_length_exceeded'],
    ['retryAfter=soon', 'seconds (2), milliseconds (1500ms) or date:2'],
    ['toolCall=', 'a tool name'],
    ['{"status":', 'is not a JSON object'],
    ['=5', "can't be read at"],
  ])('%s is refused with one sentence', (text, sentence) => {
    const error = refusal(text);
    expect(error.kind).toBe('invalid-request');
    expect(error.message).toContain(sentence);
    expect(error.message).toMatch(/^The header x-simulate[^\n]*[.?]$/);
  });

  test('is in the README’s table, each key with its row', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const source = readFileSync(new URL('../src/behaviour.ts', import.meta.url), 'utf8');
    const keys = [...source.matchAll(/^ {2}readonly (\w+)\?:/gm)]
      .map((match) => match[1])
      .filter((key) => key !== 'arguments');
    expect(keys.length).toBeGreaterThan(35);
    expect(keys.filter((key) => !readme.includes(`| \`${key}`))).toEqual([]);
  });
});
