import { constants, PerformanceObserver } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { createBodyMemory } from '../src/request/body-memory.ts';

const MB = 1024 * 1024;

interface GcEntry {
  readonly detail: { readonly kind: number; readonly flags: number };
}

describe('the memory of bodies', () => {
  it('has young objects collected for each 32 MB of large bodies', () => {
    let collections = 0;
    const came = createBodyMemory(() => {
      collections += 1;
    });
    for (let body = 0; body < 100; body += 1) came(MB);
    expect(collections).toBe(3);
  });

  it('leaves small bodies to the objects of their requests', () => {
    let collections = 0;
    const came = createBodyMemory(() => {
      collections += 1;
    });
    for (let body = 0; body < 10_000; body += 1) came(100_000);
    expect(collections).toBe(0);
  });

  it('has the young objects alone collected, and leaves the flag of the engine as it was', async () => {
    const kinds: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { kind, flags } = (entry as unknown as GcEntry).detail;
        if (flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) kinds.push(kind);
      }
      if (kinds.length > 0) resolve();
    });
    observer.observe({ entryTypes: ['gc'] });
    createBodyMemory()(40 * MB);
    await promise;
    observer.disconnect();
    expect(kinds).toEqual([constants.NODE_PERFORMANCE_GC_MINOR]);
    expect(globalThis.gc).toBeUndefined();
  });
});
