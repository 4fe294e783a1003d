import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src/serving/young-generation.ts', import.meta.url));

/** Bytes of the space for new objects in a process that keeps many of those it makes, as one does with many open streams. */
function bytesAfter(mode: 'growing' | 'unbounded'): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepYoungGenerationSmall, letYoungGenerationGrow } from ${JSON.stringify(SOURCE)};
    if (${mode === 'growing'}) {
      keepYoungGenerationSmall();
      letYoungGenerationGrow();
    }
    const kept = [];
    for (let turn = 0; turn < 60; turn += 1) {
      for (let each = 0; each < 4_000; each += 1) kept.push({ turn, each, more: [turn, each, {}] });
      await new Promise((next) => setImmediate(next));
    }
    console.log(getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
  `;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
}

describe('the space for new objects', () => {
  it('grows once the gateway listens, and ends far below what V8 would give it', () => {
    const [growing, unbounded] = [bytesAfter('growing'), bytesAfter('unbounded')];
    expect(growing).toBeGreaterThan(4_000_000);
    expect(growing).toBeLessThan(unbounded);
    expect(growing).toBeLessThan(20_000_000);
  });
});
