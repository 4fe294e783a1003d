import { ProviderError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/index.ts';
import { chunk, done } from './frames.ts';

const { client } = openaiChat;

function kindOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (ProviderError.is(error)) return error.kind;
    throw error;
  }
  return 'no error';
}

/** What a caller would take for the whole answer, were it passed on as one. */
describe.each([
  ['insufficient_system_resource', 'overloaded'],
  ['network_error', 'server'],
  ['error', 'server'],
])('an answer that ends in %s broke off', (reason, kind) => {
  test('as a whole, in a stream, and in a stream that is passed on', () => {
    const body = { id: 'c', choices: [{ index: 0, message: { content: 'Half' }, finish_reason: reason }] };
    expect(kindOf(() => client.decodeResponse(body, { provider: 'acme' }))).toBe(kind);
    const frames = [chunk({ content: 'Half' }), chunk({}, reason), done];
    const decoder = client.createStreamDecoder({ provider: 'acme' });
    expect(kindOf(() => frames.map((frame) => decoder.decode(frame)))).toBe(kind);
    const observer = openaiChat.observe({ provider: 'acme', hideUsage: false });
    expect(kindOf(() => frames.map((frame) => observer.observe(frame)))).toBe(kind);
  });
});
