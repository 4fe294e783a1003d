import { AllCandidatesFailed, type Decision, ProviderError, RouterError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const { decodeError } = anthropicMessages.client;
const { encodeError } = anthropicMessages.server;
const body = (type: string, message: string) => ({ type: 'error', error: { type, message }, request_id: 'req_1' });

describe('a provider’s error', () => {
  it.each([
    [400, 'invalid_request_error', 'tools.0: bad', 'invalid-request'],
    [400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum', 'context-length'],
    [400, 'invalid_request_error', 'input length and `max_tokens` exceed context limit: 1 + 2 > 2', 'context-length'],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.', 'quota'],
    [400, 'invalid_request_error', 'Output blocked by content filtering policy', 'content-filter'],
    [401, 'authentication_error', 'invalid x-api-key', 'authentication'],
    [402, 'billing_error', 'Pay first.', 'quota'],
    [429, 'billing_error', 'The cap is reached.', 'quota'],
    [403, 'permission_error', 'Not yours.', 'permission'],
    [404, 'not_found_error', 'model: x', 'not-found'],
    [413, 'request_too_large', 'Too large.', 'request-too-large'],
    [429, 'rate_limit_error', 'Slow down.', 'rate-limit'],
    [500, 'api_error', 'Oops.', 'server'],
    [504, 'timeout_error', 'Too slow.', 'timeout'],
    [529, 'overloaded_error', 'Overloaded', 'overloaded'],
    [503, 'api_error', 'Unavailable', 'overloaded'],
    [409, 'conflict_error', 'Busy.', 'server'],
    [418, 'novel_error', 'Tea.', 'invalid-request'],
  ])('%i %s "%s" is %s', (status, type, message, kind) => {
    expect(decodeError(status, {}, body(type, message))).toEqual({
      kind,
      message,
      status,
      code: type,
      requestId: 'req_1',
    });
  });

  it('says how long to wait, in every spelling', () => {
    const wait = (headers: Record<string, string>) => decodeError(429, headers, '').retryAfterMs;
    expect(wait({ 'retry-after': '3' })).toBe(3000);
    expect(wait({ 'retry-after': '0.5' })).toBe(500);
    expect(wait({ 'retry-after-ms': '120', 'retry-after': '3' })).toBe(120);
    const date = 'Mon, 23 Nov 2026 10:00:00 GMT';
    expect(wait({ date, 'retry-after': 'Mon, 23 Nov 2026 10:00:07 GMT' })).toBe(7000);
    expect(wait({ date, 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' })).toBe(0);
    expect(wait({ 'retry-after': 'soon' })).toBeUndefined();
    expect(wait({})).toBeUndefined();
  });

  it('is readable when it is a page, a text or nothing', () => {
    expect(decodeError(502, {}, '<html>secret page</html>').message).toBe('The provider answered 502.');
    expect(decodeError(502, {}, 'upstream connect error').message).toBe('upstream connect error');
    expect(decodeError(502, {}, 'x'.repeat(5000)).message.length).toBeLessThan(600);
    expect(decodeError(500, { 'request-id': 'req_9' }, null)).toMatchObject({ kind: 'server', requestId: 'req_9' });
    expect(decodeError(400, {}, { error: 'just text' }).message).toBe('just text');
  });
});

describe('an error for a caller', () => {
  it('has Anthropic’s envelope and the headers its clients obey', () => {
    expect(
      encodeError(new ProviderError({ kind: 'rate-limit', message: 'Slow.', retryAfterMs: 2400, requestId: 'r' })),
    ).toEqual({
      status: 429,
      headers: { 'retry-after': '3' },
      body: { type: 'error', error: { type: 'rate_limit_error', message: 'Slow.' }, request_id: 'r' },
    });
    expect(encodeError(new RouterError({ kind: 'budget', message: 'Spent.', retryAfterMs: 60_000 }))).toEqual({
      status: 429,
      headers: { 'retry-after': '60', 'x-should-retry': 'false' },
      body: { type: 'error', error: { type: 'billing_error', message: 'Spent.' } },
    });
    expect(encodeError(new ProviderError({ kind: 'overloaded', message: 'Busy.' }))).toMatchObject({ status: 529 });
    expect(encodeError(new RouterError({ kind: 'unsupported', message: 'No.' }))).toMatchObject({
      status: 501,
      headers: { 'x-should-retry': 'false' },
      body: { error: { type: 'not_supported' } },
    });
  });

  it('names the field at fault once', () => {
    const message = (init: { message: string; parameter: string }) =>
      encodeError(new RouterError({ kind: 'invalid-request', ...init })).body.error;
    expect(message({ message: 'must be a list', parameter: 'tools' })).toMatchObject({
      message: 'tools: must be a list',
    });
    expect(message({ message: 'tools: bad', parameter: 'tools' })).toMatchObject({ message: 'tools: bad' });
  });

  it('makes a full context known by the words on which Claude Code compacts', () => {
    const shown = (message: string) => encodeError(new ProviderError({ kind: 'context-length', message })).body.error;
    const own = 'prompt is too long: 208310 tokens > 200000 maximum';
    expect(shown(own)).toMatchObject({ type: 'invalid_request_error', message: own });
    expect(shown('maximum context length is 8192')).toMatchObject({
      message: 'prompt is too long: maximum context length is 8192',
    });
  });

  it('is worth another try when candidates will be back', () => {
    const message = 'Every model is busy.';
    expect(encodeError(new RouterError({ kind: 'no-candidate', message, retryAfterMs: 1000 })).status).toBe(529);
    expect(encodeError(new RouterError({ kind: 'no-candidate', message })).status).toBe(400);
  });

  it('shows the last attempt’s kind, with all attempts in the sentence', () => {
    const decision: Decision = { id: 'd', decidedAt: 0, strategy: 's', reason: 'r', order: [], removed: [] };
    const last = new ProviderError({ kind: 'overloaded', message: 'Busy.', retryAfterMs: 4000 });
    const failed = new AllCandidatesFailed(decision, [], last);
    expect(encodeError(failed)).toMatchObject({
      status: 529,
      headers: { 'retry-after': '4' },
      body: { error: { type: 'overloaded_error', message: failed.message } },
    });
  });
});
