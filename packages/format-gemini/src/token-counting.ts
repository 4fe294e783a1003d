import { asNumber, asObject, type TokenCounting } from '@signalbox/core';
import { encodeRequest } from './encode-request.ts';

/** `POST /models/{model}:countTokens`: the whole request counts, system instruction and tools included. */
export const tokenCounting: TokenCounting = {
  encodeRequest(request, context) {
    const { path, headers, body } = encodeRequest(request, { ...context, stream: false });
    const resource = path.replace(/:generateContent.*$/, '');
    return {
      path: `${resource}:countTokens`,
      headers,
      body: { generateContentRequest: { model: resource.slice(1), ...body } },
    };
  },
  decodeResponse: (body) => asNumber(asObject(body)?.totalTokens),
  encodeResponse: (inputTokens) => ({ totalTokens: inputTokens }),
};
