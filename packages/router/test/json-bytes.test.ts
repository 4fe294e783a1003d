import { BodyPieces, encodeUtf8, type JsonObject, parseRequest, scanTopLevel, writtenTexts } from '@signalbox/core';
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

/** Texts of an agent's request, of which some are long. */
const said = fc
  .tuple(
    fc.oneof(text, fc.constantFrom('x/', '—', '\ud800', '\u0000', '\u00000', '\ufffd')),
    fc.constantFrom(1, 200, 700),
  )
  .map(([unit, times]) => unit.repeat(times));
const message = fc.record(
  {
    role: fc.constantFrom('user', 'assistant'),
    content: fc.oneof(said, fc.array(fc.record({ type: fc.constant('text'), text: said }), { maxLength: 4 })),
    '“': said,
    2: said,
    1: said,
  },
  { requiredKeys: ['role'] },
);

/** A body as it is received, scanned and parsed. */
function received(bytes: Uint8Array, pieceBytes: number): { readonly came: BodyPieces; readonly body: unknown } {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  const came = new BodyPieces(pieces);
  scanTopLevel(came, ['model']);
  return { came, body: parseRequest(came) };
}

describe('texts that are taken over as they came', () => {
  const conversation = fc.array(message, { minLength: 1, maxLength: 12 });
  const pieceBytes = fc.integer({ min: 500, max: 70_000 });
  const filling = { role: 'user', content: 'to be worth it '.repeat(5_000) };

  it('say what the request says, as UTF-8, whatever has become of it and however it was written', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(said, fc.constant(undefined))), { maxLength: 3 });
    const escapes = fc.constantFrom(['', ''], ['x', '\\u0078'], ['/', '\\/'], ['—', '\\u2014']);
    const bytesLost = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 2 });
    fc.assert(
      fc.property(
        conversation,
        changes,
        escapes,
        bytesLost,
        pieceBytes,
        (messages, changed, [sign = '', escaped = ''], lost, size) => {
          const written = JSON.stringify({ model: 'm', messages: [...messages, filling] });
          const bytes = encodeUtf8(sign === '' ? written : written.replaceAll(sign, escaped));
          const wide = [...bytes.entries()].filter(([, byte]) => byte > 0x7f);
          for (const where of lost) bytes[wide[Math.floor(where * (wide.length - 1))]?.[0] ?? bytes.length] = 0xe2;
          const { came, body } = received(bytes, size);
          const request = body as { messages: { content?: unknown }[] };
          for (const [index, content] of changed) {
            const one = request.messages[index % request.messages.length];
            if (one !== undefined) one.content = content ?? request.messages[0]?.content;
          }
          const sent = jsonBytes(request as unknown as JsonObject, writtenTexts(came));
          const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(sent);
          expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(request));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are written anew where their bytes are no UTF-8', () => {
    const bytes = encodeUtf8(JSON.stringify({ messages: [{ content: '—'.repeat(300) }, filling] }));
    bytes[bytes.indexOf(0xe2) + 4] = 0xe2;
    const { came, body } = received(bytes, 20_000);
    const sent = jsonBytes(body as JsonObject, writtenTexts(came));
    expect(Buffer.from(sent).equals(encodeUtf8(JSON.stringify(body)))).toBe(true);
  });

  it.each(['\0' + '0', '\0' + '1', '\0', '\0' + '00', '\0' + '0"'])(
    'are not taken for a text that looks like what stands for them: %j',
    (like) => {
      const { came, body } = received(encodeUtf8(JSON.stringify({ messages: [filling] })), 20_000);
      const { messages } = body as { messages: JsonObject[] };
      for (const more of [
        [{ content: like }, ...messages],
        [...messages, { content: like }],
        [{ [like]: 1 }, ...messages],
      ]) {
        const sent = jsonBytes({ messages: more }, writtenTexts(came));
        expect(Buffer.from(sent).toString()).toBe(JSON.stringify({ messages: more }));
      }
    },
  );

  it('are copied byte for byte, into what is written around them', () => {
    const bytes = encodeUtf8(
      `{"messages":[{"content":"${'caf\\u00e9 \\/ “é” '.repeat(3_000)}"},{"content":"${'plain '.repeat(10_000)}"}],"model":"m"}`,
    );
    const { came, body } = received(bytes, 20_000);
    expect(Buffer.from(requestJson(body as JsonObject, came)).equals(bytes)).toBe(true);
  });
});
