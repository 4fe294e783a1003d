import { randomUUID } from 'node:crypto';
import { asObject, type Decision, inboundFromRequest, RouterError } from '@signalbox/core';
import { openaiChat } from '@signalbox/format-openai';
import type { RouteCall, Router } from '@signalbox/router';
import { callerOfRequest } from '../request/caller.ts';
import type { GatewayContext } from '../request/exchange.ts';
import { createInbound, parseBody, pathOf } from '../request/inbound.ts';
import { requestBody } from '../request/request-body.ts';
import { requestHeaders } from '../request/request-headers.ts';
import { type ApiOptions, errorAnswer, idHeaders } from './api-options.ts';
import { routeOf } from './route-of.ts';

/** The answer: the decision as it is, and who would be asked first; `null` where nobody is left. */
export type Explanation = Decision & { readonly winner: string | null };

/** Whether a request asks to be explained instead of answered. */
export function asksForExplanation(headers: Readonly<Record<string, string>>): boolean {
  return headers['x-signalbox-explain'] === 'true';
}

/** What would be done with a request. No call is made, no token spent. Throws RouterError. */
export async function explanation(router: Router, call: RouteCall): Promise<Response> {
  const decision = await router.explain(call);
  const explained: Explanation = { winner: decision.order[0]?.candidate ?? null, ...decision };
  return Response.json(explained, { headers: idHeaders(randomUUID()) });
}

/**
 * `POST /v1/explain`: takes `{"prompt": "...", "model": "auto"}` or a request of Chat Completions. Requests of other formats are
 * explained at their own paths, with the header `x-signalbox-explain: true`.
 */
export function explainApi(options: ApiOptions) {
  return async function handle(context: GatewayContext): Promise<Response> {
    try {
      const bytes = await requestBody(context, options.maxBodyBytes);
      const headers = requestHeaders(context);
      const body = asObject(parseBody(bytes));
      const { model = 'auto' } = body ?? {};
      if (typeof model !== 'string') {
        const message = 'The field "model" must be text: the name of a model, or "auto".';
        throw new RouterError({ kind: 'invalid-request', message, parameter: 'model' });
      }
      const inbound =
        typeof body?.prompt === 'string'
          ? inboundFromRequest({
              model,
              system: [],
              messages: [{ role: 'user', parts: [{ type: 'text', text: body.prompt }] }],
              stream: false,
            })
          : createInbound(openaiChat, bytes, pathOf(context), headers);
      const caller = callerOfRequest(context.get('caller'), headers, inbound.head);
      return await explanation(options.router, { inbound, route: routeOf(inbound, options), caller });
    } catch (error) {
      return errorAnswer(error, openaiChat, options);
    }
  };
}
