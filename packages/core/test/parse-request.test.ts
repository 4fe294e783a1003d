import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyPieces, encodeUtf8, parseJson, parseRequest, scanTopLevel } from '../src/index.ts';

/** Longer than what is parsed at once, in a few letters. */
const LONG = 20_000;
const padding = fc
  .tuple(
    fc.constantFrom('x', 'ä—', '\u2028', '"],[{', '\\', '😀', '\ufeff', '\u00000', '\\u0000'),
    fc.constantFrom(40, 300, LONG),
  )
  .map(([unit, length]) => unit.repeat(length / unit.length));
const small = fc.jsonValue({ maxDepth: 3 });
const item = fc.oneof(
  small,
  padding,
  fc.record({ role: fc.constantFrom('user', 'tool'), content: fc.oneof(padding, fc.tuple(padding, small)) }),
  fc
    .array(fc.tuple(fc.oneof(padding, fc.constantFrom('__proto__', '10', '2', '\u000000')), fc.oneof(padding, small)))
    .map((members) => Object.fromEntries(members)),
);
const key = fc.constantFrom('messages', 'input', 'tools', '__proto__', 'a"b', 'constructor', '');
/** Requests with several lists, of which some are long. */
const written = fc
  .tuple(
    fc.array(fc.tuple(key, fc.oneof(small, fc.array(item, { maxLength: 8 }))), { maxLength: 5 }),
    fc.nat(2),
    fc.constantFrom(0, 70_000),
  )
  .map(
    ([members, indent, filling]) =>
      `{"filling":"${'x'.repeat(filling)}"${members.length === 0 ? '' : ','}${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value, null, indent)}`).join(',')}}`,
  );

/** A body whose head was read, in pieces as a socket gives them. */
function received(bytes: Uint8Array, pieceBytes: number): BodyPieces {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  const body = new BodyPieces(pieces);
  scanTopLevel(body, ['model']);
  return body;
}

const pieceBytes = fc.integer({ min: 1_000, max: 70_000 });
/** What the parser makes of bytes, as it is: `toEqual` would take a member that is absent for one that is undefined, and a prototype for nothing. */
const asText = (value: unknown) => JSON.stringify(value);
const byTheParser = (bytes: Uint8Array) => parseJson(new TextDecoder().decode(bytes));

describe('a request is parsed', () => {
  it('to what the parser makes of its text, however long its lists are', () => {
    fc.assert(
      fc.property(written, pieceBytes, (text, size) => {
        const bytes = encodeUtf8(text);
        expect(asText(parseRequest(received(bytes, size)))).toBe(asText(byTheParser(bytes)));
        scanTopLevel(bytes, ['model']);
        expect(asText(parseRequest(bytes))).toBe(asText(byTheParser(bytes)));
      }),
      { numRuns: 100 },
    );
  });

  it('or refused where the parser refuses it: a byte of its lists is another', () => {
    const sign = fc.constantFrom(...[...',[]{}":\\ 1x'].map((one) => one.charCodeAt(0)), 0xe2, 0xef, 0x00);
    /** Where in the body: beside its signs, where it matters. */
    const places = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), sign), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(written, places, pieceBytes, (text, changes, size) => {
        const bytes = encodeUtf8(text);
        const signs = [...bytes.entries()].filter(
          ([, byte]) => byte === 0x2c || byte === 0x22 || (byte | 0x26) === 0x7f,
        );
        for (const [where, byte] of changes) bytes[signs[Math.floor(where * (signs.length - 1))]?.[0] ?? 0] = byte;
        expect(asText(parseRequest(received(bytes, size)))).toBe(asText(byTheParser(bytes)));
      }),
      { numRuns: 100 },
    );
  });

  it('or refused where nothing stands between two commas or behind the last, or what is no JSON', () => {
    const text = `"${'x'.repeat(40_000)}"`;
    for (const list of [
      `[${text},,${text}]`,
      `[${text},]`,
      `[${text}, ,1]`,
      `[${text},1}`,
      `[${text},1`,
      `[,${text}]`,
      `[${text},\ufeff1]`,
    ])
      expect(parseRequest(received(encodeUtf8(`{"messages":${list}}`), 9_000))).toBeUndefined();
    expect(parseRequest(received(encodeUtf8(`{"messages":[${text},${text},1]}`), 9_000))).toMatchObject({
      messages: { length: 3 },
    });
  });

  it('with the last of two lists of one name, as the parser does', () => {
    const list = (first: string) => `["${first}","${'x'.repeat(40_000)}",1]`;
    const text = `{"messages":${list('one')},"mess\\u0061ges":${list('two')}}`;
    expect(parseRequest(received(encodeUtf8(text), 9_000))).toMatchObject({ messages: { 0: 'two', length: 3 } });
  });

  it('where its head was not read', () => {
    expect(parseRequest(encodeUtf8('{"a":[1,2]}'))).toEqual({ a: [1, 2] });
    expect(parseRequest(encodeUtf8('[1'))).toBeUndefined();
  });
});
