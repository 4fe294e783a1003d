import { ProviderError, type ProviderErrorKind } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

const { decodeError } = ollamaChat.client;

describe('errors of an Ollama server', () => {
  it.each<[number, string, ProviderErrorKind]>([
    [400, 'invalid options: nothing', 'invalid-request'],
    [400, 'the input length exceeds the context length', 'context-length'],
    [400, 'prompt too long; exceeded max context length', 'context-length'],
    [500, 'the request exceeds the available context size, try increasing it', 'context-length'],
    // Another model may do what this one can't.
    [400, 'registry.ollama.ai/library/codellama:13b does not support tools', 'not-found'],
    [400, '"mistral:7b" does not support thinking', 'not-found'],
    [401, 'unauthorized', 'authentication'],
    [403, 'this model requires a subscription, upgrade for access', 'permission'],
    [429, "you've reached your hourly usage limit, please upgrade to continue", 'quota'],
    [429, 'too many concurrent requests', 'rate-limit'],
    [500, 'model requires more system memory (9.1 GiB) than is available (3.2 GiB)', 'server'],
    [503, 'server busy, please try again.  maximum pending requests exceeded', 'overloaded'],
  ])('%i %s is %s', (status, error, kind) => {
    expect(decodeError(status, {}, { error })).toEqual({ kind, message: error, status });
  });

  it.each([['model "llama3.3:70b" not found, try pulling it first'], ["model 'llama3.3:70b' not found"]])(
    '%s says what to do',
    (error) => {
      const { kind, message } = decodeError(404, {}, { error });
      expect(kind).toBe('not-found');
      expect(message).toBe(`${error.replace(', try pulling it first', '')}: run \`ollama pull llama3.3:70b\`.`);
    },
  );

  it('a path that is not there is no model to pull', () => {
    expect(decodeError(404, {}, '404 page not found')).toEqual({
      kind: 'not-found',
      message: '404 page not found',
      status: 404,
    });
  });

  it('says it is about the context in words that Ollama’s clients know', () => {
    const error = new ProviderError({ kind: 'context-length', message: '9000 tokens are more than 8192.' });
    expect(ollamaChat.server.encodeError(error)).toEqual({
      status: 400,
      headers: {},
      body: { error: 'prompt too long; exceeded max context length: 9000 tokens are more than 8192.' },
    });
  });
});
