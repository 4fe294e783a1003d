import { asNumber, asObject, type TokenCounting } from '@signalbox/core';
import { encodeRequest } from './encode-request.ts';

/** What bears on the input: the rest of a request is not taken by `POST /responses/input_tokens`. */
const COUNTED = [
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'reasoning',
  'truncation',
  'previous_response_id',
  'conversation',
];

export const tokenCounting: TokenCounting = {
  encodeRequest(request, context) {
    const { headers, body } = encodeRequest(request, { ...context, stream: false });
    const counted = Object.fromEntries(Object.entries(body).filter(([field]) => COUNTED.includes(field)));
    return { path: '/responses/input_tokens', headers, body: counted };
  },
  decodeResponse: (body) => asNumber(asObject(body)?.input_tokens),
  encodeResponse: (inputTokens) => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
};
