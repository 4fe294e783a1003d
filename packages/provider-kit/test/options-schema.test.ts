import { aBoolean, aCount } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { optionsSchemaOf } from '../src/index.ts';

interface Options {
  readonly num_ctx?: number | undefined;
  readonly keep?: boolean | undefined;
}

describe('the schema of a provider’s options', () => {
  const { validate } = optionsSchemaOf<Options>({ num_ctx: aCount(1, undefined, 'of tokens'), keep: aBoolean })[
    '~standard'
  ];

  it.each([{}, { num_ctx: 8192 }, { num_ctx: 1, keep: false }, { keep: undefined }])('takes %j as it is', (value) => {
    expect(validate(value)).toEqual({ value });
  });

  it('says of each option what it must be, and where it stands', () => {
    expect(validate({ num_ctx: 0, keep: 'yes' })).toEqual({
      issues: [
        { message: 'expected a whole number of tokens, 1 or more', path: ['num_ctx'] },
        { message: 'expected true or false', path: ['keep'] },
      ],
    });
  });

  it.each(['context', 'constructor', '__proto__'])('names the known options where there is no %s', (name) => {
    expect(validate(JSON.parse(`{"${name}": 1}`))).toEqual({
      issues: [{ message: 'unknown option: there are num_ctx, keep', path: [name] }],
    });
  });

  it.each(['8192', null, [1], 3])('is of an object, not of %j', (value) => {
    expect(validate(value)).toEqual({ issues: [{ message: 'expected an object' }] });
  });
});
