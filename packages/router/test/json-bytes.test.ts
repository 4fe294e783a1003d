import { BodyPieces, encodeUtf8, type JsonObject } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../../testing/any-text.ts';
import { jsonBytes } from '../src/lanes/json-bytes.ts';
import { requestJson } from '../src/lanes/request-json.ts';

const text = fc.oneof(
  fc.string({ maxLength: 90 }),
  fc.string({ unit: anyCharacter, maxLength: 90 }),
  fc.constantFrom('é', '“quoted” — and\n', '信号扱所', '🚂', '\ud800', 'a\udc00b', '\\u2014', '__proto__', '"', '7'),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true }),
    fc.constantFrom(null, true, undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
  ),
}));

describe('a request as bytes', () => {
  it('is what JSON.stringify writes, as UTF-8, whatever it says', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, value), { maxLength: 5 }), (members) => {
        const body = Object.fromEntries(members) as JsonObject;
        expect(Buffer.from(jsonBytes(body)).toString('latin1')).toBe(
          Buffer.from(encodeUtf8(JSON.stringify(body))).toString('latin1'),
        );
      }),
    );
  });

  it('is the same for texts of every length', () => {
    for (const length of [63, 4_096, 4_097, 65_535, 65_536, 65_537, 200_000]) {
      const body = { content: `${'x'.repeat(length - 1)}—`, other: '信'.repeat(length) };
      expect(Buffer.from(jsonBytes(body)).equals(encodeUtf8(JSON.stringify(body))), `${length}`).toBe(true);
    }
  });

  it('is the same for what is nested deeply', () => {
    let nested: JsonObject = { text: '“deep”' };
    for (let depth = 0; depth < 500; depth += 1) nested = { [`${depth}“`]: [nested] };
    expect(Buffer.from(jsonBytes(nested)).equals(encodeUtf8(JSON.stringify(nested)))).toBe(true);
  });

  it.each([
    '{"__proto__":"“a”","b":"“c”"}',
    '{"a":"“b”","__proto__":"c"}',
    '{"a":[{"__proto__":{"“b”":1}},"“c”"],"d":"e"}',
    '{"a":"b","c":["d","“e”",{"f":"g","“h”":1,"i":[2,"“j”",3]}],"k":{"l":"m"},"n":"“o”"}',
  ])('is the same for members in their order, whatever they are called: %s', (text) => {
    expect(Buffer.from(jsonBytes(JSON.parse(text) as JsonObject)).toString()).toBe(text);
  });

  it('is refused in a sentence where it is nested deeper than anybody writes it', () => {
    let nested: JsonObject = { text: '“deep”' };
    for (let depth = 0; depth < 100_000; depth += 1) nested = { a: nested };
    for (const came of [undefined, encodeUtf8('“'.repeat(50_000))]) {
      expect(() => requestJson(nested, came)).toThrow(
        expect.objectContaining({
          kind: 'invalid-request',
          message: 'The request is nested too deeply to be sent: the arguments of a tool call in it are.',
        }),
      );
    }
  });

  it('of which something else can not be written fails as it is', () => {
    const body = {
      content: {
        toJSON: () => {
          throw new TypeError('no such thing');
        },
      },
    } as unknown as JsonObject;
    expect(() => requestJson(body, undefined)).toThrow(new TypeError('no such thing'));
  });

  it('leaves the body as it was', () => {
    const body = { 'ключ “a”': ['“b”', { c: '“d”' }], plain: 'e' };
    const before = structuredClone(body);
    jsonBytes(body);
    expect(body).toEqual(before);
  });

  it('is text where that costs no more: a small request, one of ASCII alone, one that a program built', () => {
    const body = { content: '“wide” '.repeat(10_000) };
    const bytes = encodeUtf8(JSON.stringify(body));
    const ascii = encodeUtf8(JSON.stringify({ content: 'plain '.repeat(10_000) }));
    expect(requestJson(body, bytes)).toEqual(Buffer.from(bytes));
    expect(requestJson(body, new BodyPieces([ascii, bytes]))).toEqual(Buffer.from(bytes));
    expect(requestJson(body, new BodyPieces([ascii, ascii]))).toBe(JSON.stringify(body));
    expect(requestJson(body, ascii)).toBe(JSON.stringify(body));
    expect(requestJson(body, bytes.subarray(0, 1_000))).toBe(JSON.stringify(body));
    expect(requestJson(body, undefined)).toBe(JSON.stringify(body));
  });
});
