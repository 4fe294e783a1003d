import { describe, expect, test } from 'vitest';
import { scanRequestHead, scanTopLevel } from '../src/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const head = (text: string) => scanRequestHead(bytes(text), { keys: ['user'], read: () => ({}) });

describe('the head of a request', () => {
  test.each([
    ['{"model":"a","stream":true}', 'a', true],
    ['{"stream":null,"model":null}', undefined, false],
    ['{"models":"a","mode":"b","streams":true,"stream_options":{}}', undefined, false],
    ['{"messages":[{"model":"a"}]}', undefined, false],
    ['{}', undefined, false],
  ])('of %s', (text, model, stream) => expect(head(text)).toMatchObject({ model, stream }));

  test.each([
    ['{"model":"a","model":"b"}', 'The request body has the field "model" twice: send it once.', 'model'],
    [
      '{"stream":true,"mod\\u0065l":"a","stream":false}',
      'The request body has the field "stream" twice: send it once.',
      'stream',
    ],
    [
      '{"model":"a","model":"b","user":"c","user":"d"}',
      'The request body has the field "model" twice: send it once.',
      'model',
    ],
    ['{"user":"c","user":"d","model":"a"}', 'The request body has the field "user" twice: send it once.', 'user'],
    [
      '{"model":"a","Model":"b"}',
      'The request body has a field "Model": the model\'s name stands in "model", in small letters.',
      'Model',
    ],
    [
      '{"mod\\u0045l":"b"}',
      'The request body has a field "modEl": the model\'s name stands in "model", in small letters.',
      'modEl',
    ],
    ['{"model":7}', 'The field "model" must be a string.', 'model'],
    ['{"model":["a"]}', 'The field "model" must be a string.', 'model'],
    ['{"stream":"true"}', 'The field "stream" must be true or false.', 'stream'],
  ])('is refused in a sentence: %s', (text, message, parameter) => {
    expect(() => head(text)).toThrow(expect.objectContaining({ kind: 'invalid-request', message, parameter }));
  });

  test.each(['[1]', '{"model":}', '{"model":,"stream":true}', '{"model" "a"}', '{7:1}', '"a"', '', '{"model":"a"'])(
    'is none where there is no object: %j',
    (text) => expect(() => head(text)).toThrow('The request body is not a JSON object.'),
  );

  test('is none in a large body that is no object, however often it is looked at', () => {
    const broken = bytes(`{"long":"${'x'.repeat(20_000)}","model":"a"`);
    for (let times = 0; times < 3; times += 1) expect(scanTopLevel(broken, ['model'])).toBeUndefined();
  });

  test('has a name that is remembered apart from the memory in which it came, which may be used again', () => {
    const used = bytes('{"model":"xpt-4o"}');
    expect(scanRequestHead(used).model).toBe('xpt-4o');
    used[used.indexOf(0x78)] = 0x79;
    expect(head('{"model":"ypt-4o"}').model).toBe('ypt-4o');
    expect(head('{"model":"xpt-4o"}').model).toBe('xpt-4o');
  });
});
