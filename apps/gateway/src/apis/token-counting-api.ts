import { randomUUID } from 'node:crypto';
import { type Candidate, RouterError, type WireFormat } from '@signalbox/core';
import { withoutAccountWords } from '../answer/account-words.ts';
import { idHeaders } from '../answer/id-headers.ts';
import { callerSignal, type GatewayContext } from '../request/exchange.ts';
import { type ApiOptions, errorAnswer, watch } from './api-options.ts';
import { receiveRequest } from './receive-request.ts';
import { routeOf } from './route-of.ts';

/**
 * Answers how many tokens a request has: exactly where the provider it would go to counts, else estimated, biased high and marked
 * as estimated by the header `x-signalbox-count`.
 */
export function tokenCountingApi(format: WireFormat, options: ApiOptions) {
  const { tokenCounting } = format;
  if (tokenCounting === undefined) throw new Error(`${format.id} has no token counting to serve`);
  return async function handle(context: GatewayContext): Promise<Response> {
    const watched = watch(`${format.id}-tokens`, context, options);
    try {
      const { inbound, caller } = await receiveRequest(context, format, options, watched);
      const count = await options.router.countTokens({
        inbound,
        route: routeOf(inbound, options),
        caller,
        signal: callerSignal(context),
      });
      if (options.countTokens === 'exact' && count.provenance === 'estimated') throw notCounted(count.candidate);
      const id = randomUUID();
      const { provider, model } = count.candidate;
      watched?.ended({ id, provider: provider.id, model });
      const answer = { ...idHeaders(id), 'x-signalbox-count': count.provenance, 'x-signalbox-model': model };
      return Response.json(tokenCounting.encodeResponse(count.inputTokens), { headers: answer });
    } catch (error) {
      const shown = withoutAccountWords(error, context.get('caller'), options.router);
      return errorAnswer(shown, format, options, watched);
    }
  };
}

function notCounted({ id }: Candidate): RouterError {
  const message = `${id} counts no tokens, and this gateway is set to answer with exact counts only.`;
  return new RouterError({ kind: 'unsupported', message });
}
