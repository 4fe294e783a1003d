import type { EncodeContext, ImagePart, ModelRequest } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

const context: EncodeContext = { model: 'gemini-3-pro', stream: false, provider: 'google', quirks: {} };
const image = (detail?: ImagePart['detail']): ImagePart => ({
  type: 'image',
  source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' },
  detail,
});
const asking = (...parts: ImagePart[]): ModelRequest => ({ system: [], messages: [{ role: 'user', parts }] });
const sent = (request: ModelRequest) => {
  const { body, notes } = gemini.client.encodeRequest(request, context);
  return { config: body.generationConfig, notes: notes.map(({ field, action }) => `${action} ${field}`) };
};

describe('the detail of images', () => {
  it.each([
    ['low', 'MEDIA_RESOLUTION_LOW'],
    ['high', 'MEDIA_RESOLUTION_HIGH'],
    ['original', 'MEDIA_RESOLUTION_HIGH'],
  ] as const)('%s, wanted of all of them, is %s of the request', (detail, mediaResolution) => {
    expect(sent(asking(image(detail), image(detail)))).toEqual({
      config: { mediaResolution },
      notes: ['mapped messages[0].parts[0].detail', 'mapped messages[0].parts[1].detail'],
    });
  });

  it('is left out where images want several, and nothing where nobody asks', () => {
    const mixed = sent(asking(image('low'), image('high')));
    expect(mixed).toEqual({
      config: undefined,
      notes: ['dropped messages[0].parts[0].detail', 'dropped messages[0].parts[1].detail'],
    });
    expect(sent(asking(image(), image()))).toEqual({ config: undefined, notes: [] });
    expect(sent(asking(image('auto')))).toEqual({ config: undefined, notes: [] });
  });
});

describe('mediaResolution of a caller', () => {
  const inlineData = { mimeType: 'image/png', data: 'AAAA' };
  const decode = (parts: object[], mediaResolution: string) =>
    gemini.server.decodeRequest(
      { contents: [{ role: 'user', parts }], generationConfig: { mediaResolution, seed: 1 } },
      '/v1beta/models/m:generateContent',
    );

  it('is the detail of each image, and goes back as it came', () => {
    const request = decode([{ inlineData }, { text: 'x' }, { inlineData }], 'MEDIA_RESOLUTION_LOW');
    expect(request.messages[0]?.parts).toMatchObject([{ detail: 'low' }, { type: 'text' }, { detail: 'low' }]);
    expect(request.extensions).toBeUndefined();
    expect(sent(request).config).toEqual({ seed: 1, mediaResolution: 'MEDIA_RESOLUTION_LOW' });
  });

  it.each([
    [[{ text: 'x' }], 'MEDIA_RESOLUTION_LOW'],
    [[{ inlineData }], 'MEDIA_RESOLUTION_MEDIUM'],
    [[{ inlineData, mediaResolution: { level: 'MEDIA_RESOLUTION_HIGH' } }], 'MEDIA_RESOLUTION_LOW'],
  ])('stays Google’s own where it is no detail: %j, %s', (parts, mediaResolution) => {
    const request = decode(parts, mediaResolution);
    expect(request.extensions?.gemini).toEqual({ generationConfig: { mediaResolution } });
    expect(sent(request).config).toEqual({ seed: 1, mediaResolution });
  });
});
