import { RouterError, wholeBytes } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const { scanHead, forwardRequest } = gemini.server;
const BODY = '{"contents":[{"parts":[{"text":"\\"model\\": \\"decoy\\""}]}]}';

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function forward(path: string, model: string, body = BODY): { path: string; body: string } {
  const forwarded = forwardRequest(bytes(body), scanHead(bytes(body), path), model, path);
  expect(forwarded.hideUsage).toBe(false);
  return { path: forwarded.path, body: new TextDecoder().decode(wholeBytes(forwarded.body)) };
}

describe('the head of a request', () => {
  it.each([
    ['/v1beta/models/gemini-2.5-pro:generateContent', 'gemini-2.5-pro', false],
    ['/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse', 'gemini-2.5-pro', true],
    ['/v1/models/gemini-2.5-pro:streamGenerateContent?alt=sse&key=k', 'gemini-2.5-pro', true],
    ['/models/auto:generateContent', 'auto', false],
    ['/v1beta/models/vendor/model:generateContent', 'vendor/model', false],
    ['/v1beta/models/vendor%2Fmodel%3Alatest:generateContent', 'vendor/model:latest', false],
    ['/v1beta/models/llama3:8b:streamGenerateContent', 'llama3:8b', true],
    ['/v1beta/tunedModels/mine-1:generateContent', 'tunedModels/mine-1', false],
    [
      '/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:generateContent',
      'gemini-2.5-pro',
      false,
    ],
  ])('of %s', (path, model, stream) => {
    expect(scanHead(bytes(BODY), path)).toMatchObject({ model, stream });
  });

  it('takes the model from the body where the path has none', () => {
    expect(scanHead(bytes('{"model":"models/gemini-2.5-pro","contents":[]}'), '/generate').model).toBe(
      'gemini-2.5-pro',
    );
    expect(scanHead(bytes(BODY), '/generate').model).toBe(undefined);
  });

  it.each(['', 'text', '[]', '{"contents":'])('refuses the body %j', (body) => {
    expect(() => scanHead(bytes(body), '/v1beta/models/m:generateContent')).toThrow(RouterError);
  });

  it('refuses a model that is named twice', () => {
    const twice = bytes('{"model":"a","model":"b","contents":[]}');
    expect(() => scanHead(twice, '/v1beta/models/m:generateContent')).toThrow('has the field "model" twice');
  });
});

describe('a forwarded request', () => {
  it('has another model in its path and the same bytes', () => {
    expect(forward('/v1beta/models/auto:generateContent', 'gemini-2.5-pro')).toEqual({
      path: '/models/gemini-2.5-pro:generateContent',
      body: BODY,
    });
    expect(forward('/v1/models/auto:streamGenerateContent?alt=sse', 'gemini-2.5-pro')).toEqual({
      path: '/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
      body: BODY,
    });
  });

  it('has it in its body too, where it stands there', () => {
    const body = '{ "model" : "models/auto", "contents":[] , "novelty":1}';
    expect(forward('/v1beta/models/auto:generateContent', 'gemini-2.5-pro', body).body).toBe(
      '{ "model" : "models/gemini-2.5-pro", "contents":[] , "novelty":1}',
    );
    expect(forward('/v1beta/models/auto:generateContent', 'tunedModels/mine', body)).toEqual({
      path: '/tunedModels/mine:generateContent',
      body: '{ "model" : "tunedModels/mine", "contents":[] , "novelty":1}',
    });
  });

  it('asks for SSE, whatever the caller asked for', () => {
    for (const query of ['', '?alt=json', '?$alt=json%3Benum-encoding%3Dint', '?alt=sse']) {
      expect(forward(`/v1beta/models/auto:streamGenerateContent${query}`, 'm').path).toBe(
        '/models/m:streamGenerateContent?alt=sse',
      );
    }
  });

  it('keeps the rest of the query', () => {
    expect(forward('/v1beta/models/auto:generateContent?prettyPrint=false&quotaUser=a%26b', 'm').path).toBe(
      '/models/m:generateContent?prettyPrint=false&quotaUser=a%26b',
    );
    expect(forward('/v1beta/models/auto:streamGenerateContent?alt=sse&quotaUser=u', 'm').path).toBe(
      '/models/m:streamGenerateContent?alt=sse&quotaUser=u',
    );
  });

  it.each([
    'key=SECRET',
    'alt=sse&key=SECRET&quotaUser=u',
    'KEY=SECRET',
    '%6Bey=SECRET',
    'key=&key=SECRET',
    '$key=SECRET',
    'access_token=SECRET',
    'oauth_token=SECRET',
    '$httpHeaders=x-goog-api-key:SECRET',
    'x-goog-api-key=SECRET',
    'api_key=SECRET',
  ])('never passes a key on: %s', (query) => {
    for (const method of ['generateContent', 'streamGenerateContent']) {
      expect(forward(`/v1beta/models/auto:${method}?${query}`, 'm').path).not.toContain('SECRET');
    }
  });

  it('can’t be led elsewhere by a model’s name', () => {
    expect(forward('/v1beta/models/auto:generateContent', '../../evil?key=1#').path).toBe(
      '/models/..%2F..%2Fevil%3Fkey%3D1%23:generateContent',
    );
  });
});
