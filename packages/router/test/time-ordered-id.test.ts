import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeOrderedId } from '../src/time-ordered-id.ts';

it('is a UUID of version 7 that sorts by time', () => {
  const moment = fc.integer({ min: 0, max: 2 ** 47 });
  fc.assert(
    fc.property(moment, moment, (one, other) => {
      expect(timeOrderedId(one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      if (one < other) expect(timeOrderedId(one) < timeOrderedId(other)).toBe(true);
      expect(timeOrderedId(one)).not.toBe(timeOrderedId(one));
    }),
  );
});
