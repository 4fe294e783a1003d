import type { ProviderError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { startDeadline } from '../src/attempts/deadline.ts';

const TIMES = { firstContentMs: 12_000, idleMs: 15_000, totalMs: 600_000 };

/** The bounds of one attempt at "acme", and what it was given up for. */
function underTest(stream = true) {
  const clock = createManualClock();
  const errors: ProviderError[] = [];
  const deadline = startDeadline(
    clock,
    { abort: (error) => errors.push(error as ProviderError) },
    TIMES,
    stream,
    'acme',
  );
  return { clock, deadline, why: () => errors.map(({ message }) => message), errors };
}

describe('a stream', () => {
  it('is given up when nothing comes, with who was silent, and for how long', () => {
    const { clock, errors, why } = underTest();
    clock.advance(11_999);
    expect(why()).toEqual([]);
    clock.advance(1);
    expect(errors).toMatchObject([{ kind: 'timeout', provider: 'acme', message: 'acme: no first token within 12 s.' }]);
  });

  it('that has begun is given up when nothing more comes for as long as it may be silent', () => {
    const { clock, deadline, why } = underTest();
    clock.advance(11_000);
    deadline.content();
    clock.advance(14_999);
    expect(why()).toEqual([]);
    clock.advance(1);
    expect(why()).toEqual(['acme: the stream stalled, no content within 15 s.']);
  });

  it('that goes on is not, however long it takes; the silence is counted from its last piece', () => {
    const { clock, deadline, why } = underTest();
    for (let piece = 0; piece < 30; piece += 1) {
      clock.advance(10_000);
      deadline.content();
    }
    clock.advance(14_999);
    expect(why()).toEqual([]);
    clock.advance(1);
    expect(why()).toEqual(['acme: the stream stalled, no content within 15 s.']);
  });

  it('is given up when the whole of it takes too long', () => {
    const { clock, deadline, why } = underTest();
    for (let piece = 0; piece < 59; piece += 1) {
      clock.advance(10_000);
      deadline.content();
    }
    clock.advance(9_999);
    expect(why()).toEqual([]);
    clock.advance(1);
    expect(why()).toEqual(['acme: no complete answer within 600 s.']);
  });

  it('is not silent while nobody waits for it: a slow caller is not the provider', () => {
    const { clock, deadline, why } = underTest();
    clock.advance(1_000);
    deadline.content();
    deadline.waiting(false);
    clock.advance(60_000);
    expect(why()).toEqual([]);
    deadline.waiting(true);
    clock.advance(14_999);
    expect(why()).toEqual([]);
    clock.advance(15_000);
    expect(why()).toEqual(['acme: the stream stalled, no content within 15 s.']);
  });

  it('of which the next piece is asked for again and again is silent all the same', () => {
    const { clock, deadline, why } = underTest();
    deadline.content();
    for (let second = 0; second < 15; second += 1) {
      clock.advance(1_000);
      deadline.waiting(true);
    }
    expect(why()).toEqual(['acme: the stream stalled, no content within 15 s.']);
  });

  it('that has not begun is bound by its first piece alone, whoever waits', () => {
    const { clock, deadline, why } = underTest();
    deadline.waiting(false);
    clock.advance(5_000);
    deadline.waiting(true);
    clock.advance(7_000);
    expect(why()).toEqual(['acme: no first token within 12 s.']);
  });

  it('that is over is given up for nothing', () => {
    for (const pieces of [0, 1]) {
      const { clock, deadline, why } = underTest();
      for (let piece = 0; piece < pieces; piece += 1) deadline.content();
      deadline.stop();
      clock.advance(700_000);
      expect(why()).toEqual([]);
    }
  });
});

describe('the longest silence of a stream', () => {
  it('is between two of its pieces: not before the first, nor while its reader was away', () => {
    const { clock, deadline } = underTest();
    clock.advance(9_000);
    deadline.content();
    expect(deadline.longestGapMs()).toBeUndefined();
    for (const wait of [200, 3_000, 40]) {
      clock.advance(wait);
      deadline.content();
    }
    expect(deadline.longestGapMs()).toBe(3_000);
    deadline.waiting(false);
    clock.advance(8_000);
    deadline.waiting(true);
    clock.advance(500);
    deadline.content();
    expect(deadline.longestGapMs()).toBe(3_000);
  });
});

describe('an answer that comes whole', () => {
  it('is bound by the whole time alone', () => {
    const { clock, deadline, why } = underTest(false);
    clock.advance(300_000);
    deadline.content();
    clock.advance(299_999);
    expect(why()).toEqual([]);
    clock.advance(1);
    expect(why()).toEqual(['acme: no complete answer within 600 s.']);
  });
});
