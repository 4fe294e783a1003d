import { RouterError } from '@signalbox/core';
import { gemini } from '@signalbox/format-gemini';
import type { GatewayContext } from '../request/exchange.ts';
import { type ApiOptions, errorAnswer } from './api-options.ts';
import { embeddingApi } from './embedding-api.ts';
import { inboundApi } from './inbound-api.ts';
import { jsonArrayStream } from './json-array-stream.ts';
import { tokenCountingApi } from './token-counting-api.ts';

/** Google's API names the method behind a colon: `POST /v1beta/models/{model}:{method}`. */
export function geminiApi(options: ApiOptions) {
  const methods: Readonly<Record<string, (context: GatewayContext) => Promise<Response>>> = {
    generateContent: inboundApi(gemini, options),
    streamGenerateContent: inboundApi(gemini, options, (context) =>
      context.req.query('alt') === 'sse'
        ? undefined
        : { contentType: 'application/json; charset=utf-8', reframe: jsonArrayStream },
    ),
    countTokens: tokenCountingApi(gemini, options),
    embedContent: embeddingApi(gemini, options),
    batchEmbedContents: embeddingApi(gemini, options),
  };
  return async function handle(context: GatewayContext): Promise<Response> {
    const method = context.req.path.split(':').at(-1) ?? '';
    const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (answer !== undefined) return answer(context);
    const message = `There is no method "${method.slice(0, 40)}" here: there are ${Object.keys(methods).join(', ')}.`;
    return errorAnswer(new RouterError({ kind: 'unsupported', message }), gemini, options);
  };
}
