import { RouterError, refuseTwoReadings, scanTopLevel, type WireFormat } from '@signalbox/core';
import { withoutAccountWords } from '../answer/account-words.ts';
import { costHeader } from '../answer/cost-headers.ts';
import { callerOfRequest } from '../request/caller.ts';
import { callerSignal, type GatewayContext } from '../request/exchange.ts';
import { checkName, parseBody, pathOf } from '../request/inbound.ts';
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
      const parsed = parseBody(body);
      refuseTwoReadings(scanTopLevel(body, ['model']) ?? {});
      const request = embedding.decodeRequest(parsed, pathOf(context));
      checkName(request.model);
      const caller = callerOfRequest(context.get('caller'), requestHeaders(context), {});
      watched?.known({ caller, requestedModel: request.model });
      const asked = { caller, signal: callerSignal(context) };
      const { response, candidate, attempts, decision } = await options.router.embed(request, asked).catch(notRouted);
      const { id, strategy } = decision;
      const { model } = candidate;
      watched?.ended({ id, provider: candidate.provider.id, model, strategy, attempts });
      const headers = {
        ...idHeaders(id),
        'x-signalbox-decision': id,
        'x-signalbox-provider': candidate.provider.id,
        'x-signalbox-model': model,
        'x-signalbox-strategy': strategy,
        'x-signalbox-attempts': String(attempts.length),
        ...costHeader(attempts),
        ...(candidate.provider.simulated ? { 'x-signalbox-simulated': 'true' } : {}),
      };
      return Response.json(embedding.encodeResponse(response, request, model), { headers });
    } catch (error) {
      const shown = withoutAccountWords(error, context.get('caller'), options.router);
      return errorAnswer(shown, format, options, watched);
    }
  };
}

/** A strategy that a caller names and that is not to be had is a name that nobody knows, not a fault of the gateway's. */
function notRouted(error: unknown): never {
  if (!RouterError.is(error) || error.kind !== 'configuration') throw error;
  throw new RouterError({ kind: 'unknown-model', message: error.message, parameter: 'model', cause: error });
}
