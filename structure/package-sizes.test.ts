import { describe, expect, it } from 'vitest';
import { oversized, SIZE_BUDGETS } from '../scripts/package-sizes.ts';
import { workspacePackages } from './workspace.ts';

describe('size budgets', () => {
  it('are there for every package, and for no other', () => {
    const names = workspacePackages().map(({ manifest }) => manifest.name);
    expect(Object.keys(SIZE_BUDGETS).sort()).toEqual(names.sort());
  });

  it('name what is too large, by how much, and where the budget stands', () => {
    expect(oversized([{ name: '@signalbox/cache', size: 1_000 }])).toEqual([]);
    expect(oversized([{ name: '@signalbox/cache', size: 900_001 }])).toEqual([
      expect.stringMatching(/^@signalbox\/cache is 901 kB as packed, and its budget is \d+ kB/),
    ]);
    expect(oversized([{ name: 'stranger', size: 1 }])).toEqual([expect.stringContaining('has no size budget')]);
  });
});
