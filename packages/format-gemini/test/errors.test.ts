import { ProviderError, type ProviderErrorKind, RouterError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const { client, server } = gemini;
const RETRY_INFO = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '37s' };

function quotaFailure(quotaId: string) {
  return { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] };
}

function errorBody(code: number, status: string, message: string, details?: readonly object[]) {
  return { error: { code, status, message, ...(details === undefined ? {} : { details: [...details] }) } };
}

describe('errors of Google', () => {
  const KEY_INVALID = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' };

  it.each<[string, number, object, ProviderErrorKind]>([
    [
      'a bad key is a 400',
      400,
      errorBody(400, 'INVALID_ARGUMENT', 'API key not valid.', [KEY_INVALID]),
      'authentication',
    ],
    [
      'an expired key',
      400,
      errorBody(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'),
      'authentication',
    ],
    [
      'no key',
      403,
      errorBody(403, 'PERMISSION_DENIED', 'Method doesn’t allow unregistered callers.'),
      'authentication',
    ],
    ['an OAuth token that is wrong', 401, errorBody(401, 'UNAUTHENTICATED', 'Invalid credentials.'), 'authentication'],
    ['a field that is wrong', 400, errorBody(400, 'INVALID_ARGUMENT', 'Unknown name "x".'), 'invalid-request'],
    [
      'a place where it is not offered',
      400,
      errorBody(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
      'permission',
    ],
    [
      'a place where it has to be paid for',
      400,
      errorBody(
        400,
        'FAILED_PRECONDITION',
        'Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.',
      ),
      'permission',
    ],
    [
      'too much input',
      400,
      errorBody(
        400,
        'INVALID_ARGUMENT',
        'The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).',
      ),
      'context-length',
    ],
    [
      'too much input, in older words',
      400,
      errorBody(400, 'INVALID_ARGUMENT', 'The input token count exceeds the maximum number of tokens allowed 1048576.'),
      'context-length',
    ],
    [
      'a body too large',
      400,
      errorBody(400, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'),
      'request-too-large',
    ],
    [
      'a model that is not there',
      404,
      errorBody(404, 'NOT_FOUND', 'models/x is not found for API version v1beta.'),
      'not-found',
    ],
    [
      'too many requests a minute',
      429,
      errorBody(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', [
        quotaFailure('GenerateRequestsPerMinutePerProjectPerModel'),
        RETRY_INFO,
      ]),
      'rate-limit',
    ],
    [
      'too many requests a day',
      429,
      errorBody(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', [
        quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier'),
        RETRY_INFO,
      ]),
      'quota',
    ],
    [
      'a model that is not in the plan',
      429,
      errorBody(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for metric: x, limit: 0, model: gemini-2.5-pro'),
      'quota',
    ],
    ['a spent credit', 429, errorBody(429, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted.'), 'quota'],
    [
      'a quota without a name and a wait',
      429,
      errorBody(
        429,
        'RESOURCE_EXHAUSTED',
        'You exceeded your current quota, please check your plan and billing details.',
      ),
      'quota',
    ],
    [
      'shared capacity',
      429,
      errorBody(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Please try again later.'),
      'rate-limit',
    ],
    [
      'an overloaded model',
      503,
      errorBody(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
      'overloaded',
    ],
    ['a fault of theirs', 500, errorBody(500, 'INTERNAL', 'An internal error has occurred.'), 'server'],
    ['too long a wait', 504, errorBody(504, 'DEADLINE_EXCEEDED', 'The request timed out.'), 'timeout'],
    ['a call they cancelled', 499, errorBody(499, 'CANCELLED', 'The operation was cancelled.'), 'server'],
    ['an aborted transaction', 409, errorBody(409, 'ABORTED', 'Aborted.'), 'server'],
  ])('%s', (_name, status, body, kind) => {
    expect(client.decodeError(status, {}, body).kind).toBe(kind);
    // Streams and the compatible endpoint wrap it in an array.
    expect(client.decodeError(status, {}, [body]).kind).toBe(kind);
  });

  it('gives the message, the status word or reason, and the wait', () => {
    const body = errorBody(429, 'RESOURCE_EXHAUSTED', 'You exceeded your quota.\n* metric: x\nPlease retry in 48.9s.', [
      RETRY_INFO,
    ]);
    expect(client.decodeError(429, {}, [body])).toEqual({
      kind: 'rate-limit',
      message: 'You exceeded your quota.\n* metric: x\nPlease retry in 48.9s.',
      status: 429,
      code: 'RESOURCE_EXHAUSTED',
      retryAfterMs: 37_000,
    });
  });

  it.each([
    ['in the details', [{ ...RETRY_INFO, retryDelay: '0.25s' }], {}, 'Wait.', 250],
    ['in a header', [], { 'retry-after': '2' }, 'Wait.', 2000],
    ['in words', [], {}, 'Wait.\nPlease retry in 48.939935699s.', 48_940],
    ['in words, in milliseconds', [], {}, 'Please retry in 613.5ms.', 614],
    ['nowhere', [], {}, 'Wait.', undefined],
  ])('finds the wait %s', (_name, details, headers, message, wait) => {
    const error = client.decodeError(429, headers, errorBody(429, 'RESOURCE_EXHAUSTED', message, details));
    expect(error.retryAfterMs).toBe(wait);
  });

  it('blots out a key that stands in the message', () => {
    const key = 'AIzaSyA1234567890abcdefghijklmnopqrstuvw';
    const body = errorBody(
      403,
      'PERMISSION_DENIED',
      `Permission denied: Consumer 'api_key:${key}' has been suspended.`,
    );
    const error = client.decodeError(403, {}, body);
    expect(error.message).toBe("Permission denied: Consumer 'api_key:***' has been suspended.");
    expect(client.decodeError(400, {}, `bad key ${key}`).message).toBe('bad key ***');
  });

  it('says so where nothing is said', () => {
    expect(client.decodeError(500, {}, undefined)).toMatchObject({
      kind: 'server',
      message: 'HTTP 500 without an explanation.',
    });
    expect(client.decodeError(418, {}, { error: {} }).kind).toBe('invalid-request');
  });
});

describe('errors for callers', () => {
  it('has Google’s shape, with the wait', () => {
    const error = new ProviderError({ kind: 'rate-limit', message: 'Slow down.', retryAfterMs: 1500 });
    expect(server.encodeError(error)).toEqual({
      status: 429,
      headers: { 'retry-after': '2' },
      body: {
        error: {
          code: 429,
          message: 'Slow down.',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }],
        },
      },
    });
  });

  it('names the field that is wrong', () => {
    const error = new RouterError({ kind: 'invalid-request', message: 'No.', parameter: 'contents[0].role' });
    expect(server.encodeError(error).body.error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'contents[0].role', description: 'No.' }],
        },
      ],
    });
  });

  it('says the reason where the status word has several meanings', () => {
    const error = new ProviderError({ kind: 'context-length', message: 'Too long.' });
    expect(server.encodeError(error).body.error).toMatchObject({
      status: 'INVALID_ARGUMENT',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'CONTEXT_LENGTH_EXCEEDED', domain: 'signalbox' },
      ],
    });
  });
});
