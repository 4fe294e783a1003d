import type { ModelRequest } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRedaction } from '../src/index.ts';

const { redact, onRequest } = createRedaction();

describe('what is taken out', () => {
  it.each([
    ['key sk-ant-api03-abcdefghijklmnop1234 end', 'key [redacted:secrets] end'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted:secrets]'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[redacted:secrets]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow+/=\nabc\n-----END RSA PRIVATE KEY-----\nbye', '[redacted:secrets]\nbye'],
    ['mail ada.lovelace+x@example.co.uk, please', 'mail [redacted:email], please'],
    ['card 4111 1111 1111 1111.', 'card [redacted:card].'],
    ['IBAN DE89 3704 0044 0532 0130 00', 'IBAN [redacted:iban]'],
    ['call +49 (30) 901820-0', 'call [redacted:phone]'],
    ['ssn 123-45-6789', 'ssn [redacted:ssn]'],
  ])('%s', (text, expected) => expect(redact(text)).toBe(expected));

  it.each([
    'a number such as 4111 1111 1111 1112, whose check digit is wrong',
    'DE00 3704 0044 0532 0130 00',
    'task-list sk-short, x@y, 2026-11-25, 1 + 2, version 1.2.3',
    'the function ask-something_long_enough_to_count()',
  ])('leaves: %s', (text) => expect(redact(text)).toBe(text));

  it('takes time in proportion to a hostile text', () => {
    for (const piece of ['a.', '4 ', 'sk-', '@a.', '-----BEGIN PRIVATE KEY-----', '+1 ', 'AA00 ']) {
      expect(redact(piece.repeat(20_000)).length).toBeGreaterThan(0);
    }
  });
});

describe('requests', () => {
  const request: ModelRequest = {
    system: [{ type: 'text', text: 'I am ada@example.com' }],
    messages: [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'ada@example.com', signature: { issuer: 'anthropic', value: 'x' } },
          { type: 'tool-call', id: 'ada@example.com', name: 'send', arguments: '{"to":"ada@example.com"}' },
        ],
      },
      {
        role: 'user',
        parts: [
          { type: 'tool-result', callId: 'ada@example.com', content: [{ type: 'text', text: 'ada@example.com' }] },
          { type: 'opaque', format: 'x', value: { type: 'y', deep: [{ words: 'ada@example.com' }] } },
        ],
      },
    ],
  };

  it('lose it wherever words stand; ids, signed reasoning and bytes stay', () => {
    const changed = onRequest?.(request)?.request;
    expect(JSON.stringify(changed).match(/ada@example\.com/g)).toHaveLength(3);
    expect(JSON.stringify(changed).match(/\[redacted:email\]/g)).toHaveLength(4);
    expect(changed?.messages[0]?.parts[0]).toBe(request.messages[0]?.parts[0]);
  });

  it('without any go on as they came', () => {
    expect(createRedaction({ kinds: ['card'] }).onRequest?.(request)).toBeUndefined();
    expect(createRedaction({ in: ['answer'] }).onRequest).toBeUndefined();
  });
});
