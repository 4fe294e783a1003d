import {
  AllCandidatesFailed,
  ProviderError,
  type ProviderErrorKind,
  RouterError,
  type RouterErrorKind,
} from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';

const { client, server } = openaiChat;
const error = (fields: object) => ({ error: { message: 'm', ...fields } });

describe('an error answer', () => {
  test.each<[string, number, unknown, ProviderErrorKind]>([
    ['OpenAI, bad key', 401, error({ type: 'invalid_request_error', code: 'invalid_api_key' }), 'authentication'],
    ['OpenAI, quota', 429, error({ type: 'insufficient_quota', code: 'insufficient_quota' }), 'quota'],
    ['OpenAI, rate limit', 429, error({ type: 'tokens', code: 'rate_limit_exceeded' }), 'rate-limit'],
    [
      'OpenAI, context',
      400,
      error({ type: 'invalid_request_error', code: 'context_length_exceeded' }),
      'context-length',
    ],
    ['OpenAI, unknown model', 404, error({ code: 'model_not_found' }), 'not-found'],
    ['OpenAI, filtered', 400, error({ code: 'content_policy_violation' }), 'content-filter'],
    ['OpenAI, bad parameter', 400, error({ code: 'unsupported_parameter' }), 'invalid-request'],
    ['OpenAI, overloaded', 503, error({ type: 'server_error' }), 'overloaded'],
    ['OpenAI, broken', 500, error({ type: 'server_error' }), 'server'],
    [
      'Azure, filtered',
      400,
      error({ code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } }),
      'content-filter',
    ],
    ['Azure, key', 401, error({ code: '401' }), 'authentication'],
    ['Azure, deployment', 404, error({ code: 'DeploymentNotFound' }), 'not-found'],
    [
      'Google, bad key',
      400,
      [{ error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } }],
      'authentication',
    ],
    ['Google, limit', 429, [{ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }], 'rate-limit'],
    [
      'xAI, bad key',
      400,
      { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: x' },
      'authentication',
    ],
    ['Mistral, detail', 422, { detail: [{ loc: ['body', 'n'], msg: 'bad' }] }, 'invalid-request'],
    [
      'Mistral, flat',
      400,
      { object: 'error', message: 'Prompt is too long', type: 'invalid_request_error' },
      'context-length',
    ],
    ['Cohere', 404, { id: 'x', message: 'model not found' }, 'not-found'],
    ['DeepSeek, balance', 402, error({ message: 'Insufficient Balance' }), 'quota'],
    [
      'Ollama, context',
      400,
      error({ message: 'prompt too long; exceeded max context length by 5 tokens' }),
      'context-length',
    ],
    ['OpenRouter, number', 429, error({ code: 429, metadata: { raw: 'slow down' } }), 'rate-limit'],
    ['Groq, failed call', 400, error({ code: 'tool_use_failed' }), 'invalid-response'],
    ['proxy, text', 503, 'upstream busy', 'overloaded'],
    ['proxy, page', 502, '<html>Bad gateway</html>', 'server'],
    ['nothing', 504, undefined, 'timeout'],
    ['timeout', 408, {}, 'timeout'],
    ['conflict', 409, {}, 'server'],
    ['too large', 413, {}, 'request-too-large'],
    ['forbidden', 403, {}, 'permission'],
    ['overloaded', 529, {}, 'overloaded'],
    ['teapot', 418, {}, 'invalid-request'],
    ['redirect', 302, '', 'unknown'],
  ])('%s: %i', (_name, status, body, kind) => {
    const decoded = client.decodeError(status, {}, body);
    expect(decoded).toMatchObject({ kind, status });
    expect(decoded.message).not.toBe('');
    expect(decoded.message).not.toContain('<');
  });

  test('OpenRouter tells what the provider behind it said', () => {
    const decoded = client.decodeError(
      429,
      {},
      error({ message: 'Provider returned error', metadata: { raw: 'slow down' } }),
    );
    expect(decoded.message).toBe('Provider returned error: slow down');
  });

  test.each<[string, Record<string, string>, unknown, number | undefined]>([
    ['seconds', { 'retry-after': '2' }, {}, 2000],
    ['milliseconds first', { 'retry-after': '2', 'retry-after-ms': '1500.2' }, {}, 1501],
    ['a date', { 'retry-after': 'Wed, 21 Oct 2026 07:28:05 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, {}, 5000],
    [
      'a date that is over',
      { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT', date: 'Wed, 21 Oct 2026 07:28:09 GMT' },
      {},
      0,
    ],
    ['a reset', { 'x-ratelimit-reset-requests': '6ms' }, {}, 6],
    [
      'the reset of the limit that is used up',
      { 'x-ratelimit-reset-requests': '6ms', 'x-ratelimit-reset-tokens': '1m30s', 'x-ratelimit-remaining-tokens': '0' },
      {},
      90_000,
    ],
    ['RetryInfo', {}, error({ details: [{ retryDelay: '37s' }] }), 37_000],
    ['words', {}, error({ message: 'Rate limit reached. Please try again in 1.2s.' }), 1200],
    ['nonsense', { 'retry-after': 'soon' }, {}, undefined],
    ['nothing', {}, {}, undefined],
  ])('the wait is read from %s', (_name, headers, body, expected) => {
    expect(client.decodeError(429, headers, body).retryAfterMs).toBe(expected);
  });

  test.each([400, 401, 402, 403, 404, 500, 503])(
    'how the limits stand, which every answer tells, is no wait for a %i: it was not they that refused',
    (status) => {
      const standing = { 'x-ratelimit-reset-requests': '8.64s', 'x-ratelimit-reset-tokens': '6m0s' };
      expect(client.decodeError(status, standing, error({ message: 'No.' })).retryAfterMs).toBeUndefined();
      expect(client.decodeError(status, { ...standing, 'retry-after': '2' }, {}).retryAfterMs).toBe(2000);
    },
  );
});

describe('an error for a caller', () => {
  const statuses: Record<ProviderErrorKind, number> = {
    'invalid-request': 400,
    authentication: 401,
    permission: 403,
    'not-found': 404,
    'request-too-large': 413,
    'context-length': 400,
    'content-filter': 400,
    'rate-limit': 429,
    quota: 429,
    overloaded: 503,
    server: 500,
    timeout: 504,
    connect: 502,
    'connection-lost': 502,
    'stream-cut': 502,
    'invalid-response': 502,
    aborted: 499,
    unknown: 502,
  };
  const routerStatuses: Record<RouterErrorKind, number> = {
    usage: 400,
    configuration: 500,
    'unknown-model': 404,
    'not-found': 404,
    'missing-key': 401,
    untrusted: 403,
    authentication: 401,
    permission: 403,
    'invalid-request': 400,
    'request-too-large': 413,
    unsupported: 400,
    'no-candidate': 503,
    'all-candidates-failed': 502,
    'rate-limit': 429,
    budget: 429,
    aborted: 499,
    internal: 500,
  };

  test.each(Object.entries(statuses))('%s is a %i', (kind, status) => {
    const encoded = server.encodeError(new ProviderError({ kind: kind as ProviderErrorKind, message: 'm' }));
    expect(encoded.status).toBe(status);
    const shown = encoded.body.error as Record<string, unknown>;
    expect(Object.keys(shown)).toEqual(['message', 'type', 'param', 'code']);
    expect(shown).toMatchObject({ message: 'm', type: expect.any(String) });
  });

  test.each(Object.entries(routerStatuses))('of our own: %s is a %i', (kind, status) => {
    expect(server.encodeError(new RouterError({ kind: kind as RouterErrorKind, message: 'm' })).status).toBe(status);
  });

  test('names the field, and the codes that clients act on', () => {
    const field = new RouterError({ kind: 'invalid-request', message: 'm', parameter: 'messages[0].role' });
    expect(server.encodeError(field).body).toMatchObject({ error: { param: 'messages[0].role', code: null } });
    const filtered = new ProviderError({
      kind: 'content-filter',
      message: 'm',
      code: 'content_policy_violation',
      status: 400,
    });
    expect(server.encodeError(filtered).body).toMatchObject({ error: { code: 'content_policy_violation' } });
    const foreign = new ProviderError({ kind: 'rate-limit', message: 'm', code: 'rate_limit_error', status: 429 });
    expect(server.encodeError(foreign).body).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    const own = new ProviderError({ kind: 'invalid-request', message: 'm', code: 'unsupported_value', status: 422 });
    expect(server.encodeError(own)).toMatchObject({ status: 422, body: { error: { code: 'unsupported_value' } } });
    expect(server.encodeError(new ProviderError({ kind: 'overloaded', message: 'm', status: 529 })).status).toBe(503);
  });

  test('says when to come back, or that it is no use', () => {
    const limited = new ProviderError({ kind: 'rate-limit', message: 'm', retryAfterMs: 1200 });
    expect(server.encodeError(limited).headers).toEqual({ 'retry-after': '2', 'retry-after-ms': '1200' });
    const spent = new RouterError({ kind: 'budget', message: 'm' });
    expect(server.encodeError(spent).headers).toEqual({ 'x-should-retry': 'false' });
  });

  test('when every candidate failed, it is the last error with all that was tried', () => {
    const last = new ProviderError({ kind: 'context-length', message: 'too long', status: 400 });
    const decision = { id: 'd', decidedAt: 0, strategy: 's', reason: '', needs: {}, order: [], removed: [] };
    const failed = new AllCandidatesFailed(decision as never, [], last);
    expect(server.encodeError(failed)).toMatchObject({
      status: 400,
      body: { error: { code: 'context_length_exceeded' } },
    });
  });
});
