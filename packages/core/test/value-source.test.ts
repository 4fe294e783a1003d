import { describe, expect, it } from 'vitest';
import { ENDED, sourceOf, ValueSource } from '../src/index.ts';

const one = { text: 'one' };
const two = { text: 'two' };

async function* several(broken?: Error): AsyncGenerator<object> {
  yield one;
  yield two;
  if (broken !== undefined) throw broken;
}

describe('a source of what can be iterated over', () => {
  it('has nothing before somebody waits, then a value for each wait, then its end for good', async () => {
    const source = sourceOf(several());
    for (const value of [one, two]) {
      expect(source.take()).toBeUndefined();
      await source.more();
      expect(source.take()).toBe(value);
    }
    expect(source.take()).toBeUndefined();
    await source.more();
    expect([source.take(), source.take()]).toEqual([ENDED, ENDED]);
  });

  it('throws what broke it when a value is taken, once, and not while it is waited for', async () => {
    const source = sourceOf(several(new Error('broken')));
    for (let come = 0; come < 3; come += 1) {
      if (come > 0) source.take();
      await source.more();
    }
    expect(() => source.take()).toThrow('broken');
    expect(source.take()).toBe(ENDED);
  });

  it('gives nothing more to whoever gave it up, and ends the iteration', async () => {
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield one;
      } finally {
        ended = true;
      }
    }
    const source = sourceOf(endless());
    await source.more();
    await source.return();
    expect(source.take()).toBe(ENDED);
    await Promise.resolve();
    expect(ended).toBe(true);
  });
});

describe('a source', () => {
  /** Values that come two at a time. */
  class Pairs extends ValueSource<object> {
    waits = 0;
    #waiting: object[] = [];

    take() {
      return this.#waiting.shift() ?? (this.waits > 2 ? ENDED : undefined);
    }

    async more() {
      this.waits += 1;
      if (this.waits <= 2) this.#waiting = [one, two];
    }

    discard() {
      this.waits = 3;
      this.#waiting = [];
    }
  }

  it('is iterated over like anything else, and waited for only where nothing is there', async () => {
    const source = new Pairs();
    const read: object[] = [];
    for await (const value of source) read.push(value);
    expect(read).toEqual([one, two, one, two]);
    expect(source.waits).toBe(3);
  });

  it('is given up by whoever leaves its iteration', async () => {
    const source = new Pairs();
    for await (const _ of source) break;
    expect(source.take()).toBe(ENDED);
  });

  it('is its own source', () => {
    const source = new Pairs();
    expect(sourceOf(source)).toBe(source);
  });
});
