import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitBatches } from '../src/index.ts';

const limits = fc.record({
  mostRequests: fc.integer({ min: 1, max: 5 }),
  mostBytes: fc.integer({ min: 1, max: 100 }),
  oneModel: fc.boolean(),
});
const requests = fc.array(
  fc.record({ model: fc.constantFrom('a', 'b', 'c'), bytes: fc.integer({ min: 0, max: 120 }) }),
  { maxLength: 30 },
);

test('every request is in one batch, and no batch is more than its provider takes', () => {
  fc.assert(
    fc.property(requests, limits, (items, rules) => {
      const batches = splitBatches(
        items,
        rules,
        ({ model }) => model,
        ({ bytes }) => bytes,
      );
      expect(new Set(batches.flat()).size).toBe(items.length);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(rules.mostRequests);
        const bytes = batch.reduce((sum, one) => sum + one.bytes, 0);
        if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(rules.mostBytes);
        if (rules.oneModel) expect(new Set(batch.map(({ model }) => model)).size).toBe(1);
        const places = batch.map((one) => items.indexOf(one));
        expect(places).toEqual([...places].sort((one, other) => one - other));
      }
    }),
  );
});
