import { describe, expect, it } from 'vitest';
import {
  AllCandidatesFailed,
  type Attempt,
  type Decision,
  ProviderError,
  type ProviderErrorKind,
  RouterError,
} from '../src/index.ts';

const error = (kind: ProviderErrorKind) => new ProviderError({ kind, message: 'A sample.' });

describe('an error of a provider', () => {
  it('is known by its mark, from another copy of the package too', () => {
    const foreign = Object.assign(new Error('x'), { isSignalboxProviderError: true, kind: 'server' });
    expect(ProviderError.is(foreign)).toBe(true);
    expect(RouterError.is(foreign)).toBe(false);
    for (const other of [null, undefined, 'text', new Error('x'), {}]) expect(ProviderError.is(other)).toBe(false);
  });

  it('is no error of the router, and the other way round', () => {
    expect(RouterError.is(error('server'))).toBe(false);
    expect(ProviderError.is(new RouterError({ kind: 'usage', message: 'x' }))).toBe(false);
  });

  it.each<ProviderErrorKind>(['rate-limit', 'overloaded', 'server', 'connect', 'connection-lost', 'stream-cut'])(
    '%s may pass, here or elsewhere',
    (kind) => expect([error(kind).retryable, error(kind).failsOver]).toEqual([true, true]),
  );

  it.each<ProviderErrorKind>(['invalid-request', 'content-filter', 'aborted'])('%s ends the matter', (kind) =>
    expect([error(kind).retryable, error(kind).failsOver]).toEqual([false, false]),
  );

  it.each<ProviderErrorKind>(['timeout', 'authentication', 'permission', 'quota', 'not-found', 'context-length'])(
    '%s passes nowhere but elsewhere',
    (kind) => expect([error(kind).retryable, error(kind).failsOver]).toEqual([false, true]),
  );

  it('keeps its cause, and says nothing of one that there is not', () => {
    const cause = new Error('socket');
    expect(new ProviderError({ kind: 'connect', message: 'x', cause }).cause).toBe(cause);
    expect('cause' in error('server')).toBe(false);
  });
});

describe('the error of a request that nobody answered', () => {
  const failed = (count: number) =>
    new AllCandidatesFailed(
      {} as Decision,
      Array.from(
        { length: count },
        (_, place) => ({ candidate: `acme/${place}`, error: { kind: 'server', message: 'Broken.' } }) as Attempt,
      ),
      error('server'),
    );

  it('tells of each attempt', () => {
    expect(failed(1).message).toBe('acme/0: Broken.');
    expect(failed(3).message).toBe('All 3 attempts failed: acme/0: Broken; acme/1: Broken; acme/2: Broken.');
  });

  it('tells of eight at most, and keeps all', () => {
    expect(failed(90).message).toMatch(/acme\/6: Broken; and 83 more\.$/);
    expect(failed(8).message).toMatch(/acme\/7: Broken\.$/);
    expect(failed(90).attempts).toHaveLength(90);
  });
});
