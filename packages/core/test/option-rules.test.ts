import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aBoolean,
  aCount,
  aListOf,
  aNumber,
  aRecordOf,
  aText,
  type OptionRules,
  RouterError,
  requireOptions,
} from '../src/index.ts';

interface Options {
  readonly share?: number;
  readonly names?: readonly string[];
  readonly turns?: Readonly<Record<string, number>>;
  readonly loud?: boolean;
}

const RULES: OptionRules<Options> = {
  share: aNumber(0, 1),
  names: aListOf(aText(), 'a list of names', 1),
  turns: aRecordOf(aCount(1, 100), 'turns by name'),
  loud: aBoolean,
};

function refusal(options: unknown, required: (keyof Options)[] = []): string | undefined {
  try {
    requireOptions('makeIt', options as Options, RULES, required);
  } catch (error) {
    if (!RouterError.is(error)) throw error;
    return error.message;
  }
  return undefined;
}

describe('options of a public function', () => {
  it('may be absent, and so may each of them', () => {
    expect(refusal(undefined)).toBeUndefined();
    expect(refusal({ share: undefined, unheardOf: undefined })).toBeUndefined();
  });

  it('are refused in a sentence that says which, what it is, and what it must be', () => {
    expect(refusal({ share: 80 })).toBe('makeIt: share is 80, and must be a number from 0 to 1.');
    expect(refusal({ loud: null })).toBe('makeIt: loud is null, and must be true or false.');
    expect(refusal({ names: [] })).toBe('makeIt: names is an empty list, and must be a list of names.');
    expect(refusal('quick')).toBe('makeIt: the options are a text, and must be an object.');
    expect(refusal({}, ['names'])).toBe('makeIt: names is missing, and must be a list of names.');
  });

  it('say where inside of a list or an object it is', () => {
    expect(refusal({ names: ['a', ''] })).toBe('makeIt: names[1] is empty, and must be a text.');
    expect(refusal({ turns: { a: 1, b: 101 } })).toBe(
      'makeIt: turns.b is 101, and must be a whole number from 1 to 100.',
    );
  });

  it('that there are not are answered with the nearest, else with all there are', () => {
    expect(refusal({ shared: 1 })).toBe('makeIt: there is no option "shared"; did you mean share?');
    expect(refusal({ volume: 1 })).toBe('makeIt: there is no option "volume"; there are share, names, turns, loud.');
  });

  it('never come back in the sentence as a text: it may be a key', () => {
    const secret = fc.stringMatching(/^sk-[a-z0-9]{20}$/);
    fc.assert(
      fc.property(secret, fc.constantFrom('share', 'names', 'turns', 'loud'), (key, name) => {
        expect(refusal({ [name]: key })).toMatch(/^makeIt: \w+ is a text, and must be /);
      }),
    );
  });

  it('of the right kind are taken, whatever they are', () => {
    const options = fc.record(
      {
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        names: fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
        turns: fc.dictionary(fc.string(), fc.integer({ min: 1, max: 100 })),
        loud: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(options, (given) => refusal(given) === undefined));
  });
});
