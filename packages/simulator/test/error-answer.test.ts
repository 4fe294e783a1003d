import { describe, expect, test } from 'vitest';
import { createManualClock } from './manual-clock.ts';
import { ANTHROPIC, at, DIALECTS, post, useSimulator } from './simulator-client.ts';

const clock = createManualClock();

describe('errors in each vendor’s shape', () => {
  const simulator = useSimulator({ clock });
  const anthropic = (directive: string) =>
    post(simulator(), '/v1/messages', DIALECTS[0]?.body('Hello', false), { ...ANTHROPIC, 'x-simulate': directive });
  const openai = (directive: string) =>
    post(simulator(), '/v1/chat/completions', DIALECTS[1]?.body('Hello', false), { 'x-simulate': directive });
  const gemini = (directive: string) =>
    post(simulator(), '/v1beta/models/gemini-2.5-flash:generateContent', DIALECTS[3]?.body('Hello', false), {
      'x-simulate': directive,
    });
  const ollama = (directive: string) =>
    post(simulator(), '/api/chat', DIALECTS[4]?.body('Hello', false), { 'x-simulate': directive });

  test.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [503, 'overloaded_error'],
    [529, 'overloaded_error'],
  ])('Anthropic %i is %s, with the request id in body and header', async (status, type) => {
    const answer = await anthropic(`status=${status}`);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ type: 'error', error: { type } });
    expect(at(answer.json, 'request_id')).toBe(answer.headers.get('request-id'));
  });

  test.each([
    [400, 'context_length_exceeded'],
    [400, 'content_policy_violation'],
    [400, 'invalid_prefill'],
    [401, 'invalid_api_key'],
    [403, 'permission_denied'],
    [404, 'model_not_found'],
    [429, 'rate_limit_exceeded'],
    [429, 'insufficient_quota'],
    [500, 'server_error'],
    [503, 'overloaded'],
  ])('OpenAI %i has the code %s', async (status, code) => {
    const answer = await openai(`error=${code}`);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ error: { code, message: expect.any(String), type: expect.any(String) } });
  });

  test.each([
    ['status=400', 400, 'INVALID_ARGUMENT'],
    ['status=401', 401, 'UNAUTHENTICATED'],
    ['status=403', 403, 'PERMISSION_DENIED'],
    ['status=404', 404, 'NOT_FOUND'],
    ['status=429', 429, 'RESOURCE_EXHAUSTED'],
    ['status=500', 500, 'INTERNAL'],
    ['status=503', 503, 'UNAVAILABLE'],
    ['status=504', 504, 'DEADLINE_EXCEEDED'],
    ['error=invalid_api_key', 400, 'INVALID_ARGUMENT'],
  ])('Gemini %s is %i %s', async (directive, code, status) => {
    const answer = await gemini(directive);
    expect(answer.status).toBe(code);
    expect(answer.json).toMatchObject({ error: { code, status } });
  });

  test('Ollama has a sentence', async () => {
    const answer = await ollama('status=500; message=broken');
    expect(answer.status).toBe(500);
    expect(answer.json).toEqual({ error: 'broken' });
  });

  test('a full context is told by each vendor in its own words', async () => {
    expect((await anthropic('error=context_length_exceeded')).text).toContain('prompt is too long');
    expect((await gemini('error=context_length_exceeded')).text).toContain('exceeds the maximum number of tokens');
    expect((await ollama('error=context_length_exceeded')).text).toContain('exceeded max context length');
  });

  test('retryAfter is seconds, milliseconds or a date, and Google’s RetryInfo', async () => {
    expect((await openai('status=429; retryAfter=2')).headers.get('retry-after')).toBe('2');
    expect((await openai('status=429; retryAfter=1500ms')).headers.get('retry-after-ms')).toBe('1500');
    const date = (await anthropic('status=429; retryAfter=date:5')).headers.get('retry-after');
    expect(Date.parse(date ?? '')).toBe(clock.now() + 5000);
    expect((await gemini('status=429; retryAfter=7')).json).toMatchObject({
      error: { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }] },
    });
  });

  test('a 200 may hold an HTML page, nothing, or an error', async () => {
    const page = await openai('html');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('<!doctype html>');
    const empty = await openai('emptyBody');
    expect([empty.status, empty.text]).toEqual([200, '']);
    const error = await openai('errorBody200; error=overloaded');
    expect(error.status).toBe(200);
    expect(error.json).toMatchObject({ error: { code: 'overloaded' } });
    expect((await openai('status=204')).status).toBe(204);
  });

  test('a redirect names its target; a content type can be wrong', async () => {
    const moved = await openai('status=307; location=http://127.0.0.1:9/elsewhere');
    expect([moved.status, moved.headers.get('location')]).toEqual([307, 'http://127.0.0.1:9/elsewhere']);
    const plain = await openai('contentType=text/plain');
    expect([plain.status, plain.headers.get('content-type')]).toEqual([200, 'text/plain']);
  });

  test('a streamed request gets its error as JSON with the status, before any stream', async () => {
    for (const dialect of DIALECTS) {
      const headers = { ...dialect.headers, 'x-simulate': 'status=503' };
      const answer = await post(simulator(), dialect.path(true), dialect.body('Hello', true), headers);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.json).toHaveProperty('error');
    }
  });

  test('times=2: two requests of one key for one model meet the fault, the others don’t', async () => {
    const ask = async (key: string, model: string) => {
      const body = { model, messages: [{ role: 'user', content: 'Hello [[simulate: status=503; times=2; text=ok]]' }] };
      const answer = await post(simulator(), '/v1/chat/completions', body, { authorization: `Bearer ${key}` });
      return answer.status;
    };
    expect([await ask('a', 'm'), await ask('a', 'm'), await ask('a', 'm')]).toEqual([503, 503, 200]);
    expect(await ask('b', 'm')).toBe(503);
    expect(await ask('a', 'n')).toBe(503);
  });
});
