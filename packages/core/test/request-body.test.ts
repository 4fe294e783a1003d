import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyPieces, requestObject, scanRequestHead, wholeBytes, withRequestModel } from '../src/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (body: ReturnType<typeof withRequestModel>) => new TextDecoder().decode(wholeBytes(body));
const put = (text: string, model: string) => {
  const body = bytes(text);
  return textOf(withRequestModel(body, scanRequestHead(body), model));
};

describe('a model in the bytes of a request', () => {
  it.each([
    ['{"model": "auto", "n": 1}', '{"model": "sent", "n": 1}'],
    ['{"n": {"model": "auto"}}', '{"model":"sent","n": {"model": "auto"}}'],
    [' \n{ "n": 1 }', ' \n{"model":"sent", "n": 1 }'],
    ['{}', '{"model":"sent"}'],
    ['{ \t}', '{"model":"sent" \t}'],
  ])('of %s: %s', (before, after) => expect(put(before, 'sent')).toBe(after));

  it('that is there already leaves them as they are, to the very array', () => {
    const body = bytes('{"model":"sent"}');
    expect(withRequestModel(body, scanRequestHead(body), 'sent')).toBe(body);
  });

  it('is the only thing that changes, whatever they are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), (fields, model) => {
        const { model: _model, stream: _stream, ...rest } = fields;
        for (const written of [rest, { ...rest, model: 'auto' }])
          expect(JSON.parse(put(JSON.stringify(written, null, 1), model))).toEqual(
            JSON.parse(JSON.stringify({ ...rest, model })),
          );
      }),
    );
  });

  it('is put into a body in pieces, too', () => {
    const body = new BodyPieces([bytes('{"mod'), bytes('el":"auto","n":1}')]);
    expect(textOf(withRequestModel(body, scanRequestHead(body), 'sent'))).toBe('{"model":"sent","n":1}');
  });

  it('has no place where there is no object', () => {
    expect(() => withRequestModel(bytes('[1]'), { stream: false }, 'sent')).toThrow(
      /^The request body is not a JSON object\.$/,
    );
  });
});

describe('a parsed body', () => {
  it.each([[[]], [null], ['{}'], [7], [undefined]])('%j is no request', (body) => {
    expect(() => requestObject(body)).toThrow(expect.objectContaining({ kind: 'invalid-request' }));
  });

  it('that is an object is one', () => {
    const body = { model: 'm' };
    expect(requestObject(body)).toBe(body);
  });
});
