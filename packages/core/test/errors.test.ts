import { describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorKind, RouterError } from '../src/index.ts';

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
