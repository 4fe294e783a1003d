import { describe, expect, it } from 'vitest';
import { headerRetryAfterMs, parseWireDuration } from '../src/index.ts';

describe('a duration of a header', () => {
  it.each([
    ['6ms', 6],
    ['1.5s', 1_500],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    [' 37 ', 37_000],
    ['0.0001', 1],
    ['0', 0],
  ])('%s is %i ms', (text, milliseconds) => expect(parseWireDuration(text)).toBe(milliseconds));

  it.each(['', 'soon', '-5', '5 s', '5x', '1s2', 'NaN'])('“%s” is none', (text) =>
    expect(parseWireDuration(text)).toBeUndefined(),
  );
});

describe('the wait that headers ask for', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  const later = 'Wed, 21 Oct 2026 07:28:30 GMT';

  it.each([
    ['milliseconds before all else', { 'retry-after-ms': '250.2', 'retry-after': '9' }, 251],
    ['seconds', { 'retry-after': '9' }, 9_000],
    ['a duration', { 'retry-after': '1m' }, 60_000],
    ["a date by the answer's own clock", { 'retry-after': later, date }, 30_000],
    ['a date that has passed: none', { 'retry-after': date, date: later }, 0],
    ['broken milliseconds: the seconds', { 'retry-after-ms': 'x', 'retry-after': '9' }, 9_000],
  ])('%s', (_what, headers, milliseconds) => expect(headerRetryAfterMs(headers)).toBe(milliseconds));

  it.each<Readonly<Record<string, string>>>([{}, { 'retry-after': 'later' }, { 'retry-after-ms': '-1' }])(
    'is unknown for %j',
    (headers) => expect(headerRetryAfterMs(headers)).toBeUndefined(),
  );
});
