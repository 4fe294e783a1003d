import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWaitingLists } from '../src/index.ts';

it('the first of a list is the one that has waited longest and was not taken, whatever was taken before', () => {
  const step = fc.record({ add: fc.boolean(), key: fc.constantFrom('a', 'b'), take: fc.nat({ max: 20 }) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const lists = createWaitingLists<{ taken: boolean; readonly key: string }>();
      const all: { taken: boolean; readonly key: string }[] = [];
      for (const { add, key, take } of steps) {
        if (add) {
          const item = { taken: false, key };
          all.push(item);
          lists.add(key, item);
        } else {
          const item = all[take];
          if (item !== undefined) item.taken = true;
        }
        for (const one of ['a', 'b'])
          expect(lists.first(one)).toBe(all.find((item) => item.key === one && !item.taken));
      }
    }),
  );
});
