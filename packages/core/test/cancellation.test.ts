import { describe, expect, it } from 'vitest';
import { cancellationOf, createCancellation } from '../src/index.ts';

describe('a cancellation', () => {
  it('tells those who listen, once, with the first reason', () => {
    const cancellation = createCancellation();
    const told: unknown[] = [];
    cancellation.onAbort(() => told.push(cancellation.reason));
    const forget = cancellation.onAbort(() => told.push('forgotten'));
    forget();
    cancellation.abort('first');
    cancellation.abort('second');
    expect(told).toEqual(['first']);
    expect(cancellation).toMatchObject({ aborted: true, reason: 'first' });
  });

  it('tells at once who listens late', () => {
    const cancellation = createCancellation();
    cancellation.abort('gone');
    let told = 0;
    cancellation.onAbort(() => {
      told += 1;
    });
    expect(told).toBe(1);
  });

  it('is a signal for those who want one, before and after', () => {
    for (const early of [true, false]) {
      const cancellation = createCancellation();
      const signal = early ? cancellation.signal : undefined;
      cancellation.abort('why');
      expect((signal ?? cancellation.signal).reason).toBe('why');
      expect(cancellation.signal).toBe(signal ?? cancellation.signal);
    }
  });

  it('follows a signal', () => {
    const controller = new AbortController();
    const cancellation = cancellationOf(controller.signal);
    expect(cancellation.aborted).toBe(false);
    expect(cancellation.signal).toBe(controller.signal);
    controller.abort('over');
    expect(cancellation).toMatchObject({ aborted: true, reason: 'over' });
    expect(cancellationOf(controller.signal).reason).toBe('over');
  });
});
