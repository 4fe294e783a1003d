import { asNumber, asObject, type TokenCounting } from '@signalbox/core';
import { encodeRequest } from './encode-request.ts';

/** What a request holds that a count does not take: it bears on the answer only. */
const ANSWER_FIELDS = [
  'max_tokens',
  'stream',
  'stop_sequences',
  'temperature',
  'top_p',
  'top_k',
  'metadata',
  'service_tier',
];

/** `POST /messages/count_tokens`: the body of a request without what only bears on the answer. */
export const tokenCounting: TokenCounting = {
  encodeRequest(request, context) {
    const { headers, body } = encodeRequest(request, { ...context, stream: false });
    const counted = Object.fromEntries(Object.entries(body).filter(([field]) => !ANSWER_FIELDS.includes(field)));
    return { path: '/messages/count_tokens', headers, body: counted };
  },
  decodeResponse: (body) => asNumber(asObject(body)?.input_tokens),
  encodeResponse: (inputTokens) => ({ input_tokens: inputTokens }),
};
