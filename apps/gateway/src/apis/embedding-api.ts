import { randomUUID } from 'node:crypto';
import type { WireFormat } from '@signalbox/core';
import { withoutAccountWords } from '../answer/account-words.ts';
import { callerOfRequest } from '../request/caller.ts';
import { callerSignal, type GatewayContext } from '../request/exchange.ts';
import { parseBody, pathOf } from '../request/inbound.ts';
import { requestBody } from '../request/request-body.ts';
import { requestHeaders } from '../request/request-headers.ts';
import { type ApiOptions, errorAnswer, idHeaders, watch } from './api-options.ts';

/** Answers with vectors, from the model named and no other. */
export function embeddingApi(format: WireFormat, options: ApiOptions) {
  const { embedding } = format;
  if (embedding === undefined) throw new Error(`${format.id} has no embeddings to serve`);
  return async function handle(context: GatewayContext): Promise<Response> {
    const watched = watch(`${format.id}-embeddings`, context, options);
    try {
      const body = await requestBody(context, options.maxBodyBytes);
      const request = embedding.decodeRequest(parseBody(body), pathOf(context));
      const caller = callerOfRequest(context.get('caller'), requestHeaders(context), {});
      watched?.known({ caller, requestedModel: request.model });
      const { response, candidate } = await options.router.embed(request, { caller, signal: callerSignal(context) });
      const id = randomUUID();
      watched?.ended({ id, provider: candidate.provider.id, model: candidate.model });
      const headers = {
        ...idHeaders(id),
        'x-signalbox-provider': candidate.provider.id,
        'x-signalbox-model': candidate.model,
      };
      return Response.json(embedding.encodeResponse(response, request, candidate.model), { headers });
    } catch (error) {
      const shown = withoutAccountWords(error, context.get('caller'), options.router);
      return errorAnswer(shown, format, options, watched);
    }
  };
}
