import { asObject, type Decision, type Inbound, inboundFromRequest } from '@signalbox/core';
import { openaiChat } from '@signalbox/format-openai';
import type { Router } from '@signalbox/router';
import { type ApiOptions, errorAnswer } from './api-options.ts';
import { type GatewayContext, readBody } from './exchange.ts';
import { createInbound, parseBody, pathOf } from './inbound.ts';

/** The answer: the decision as it is, and who would be asked first; `null` where nobody is left. */
export type Explanation = Decision & { readonly winner: string | null };

/** Whether a request asks to be explained instead of answered. */
export function asksForExplanation(context: GatewayContext): boolean {
  return context.req.header('x-signalbox-explain') === 'true';
}

/** What would be done with a request. No call is made, no token spent. Throws RouterError. */
export async function explanation(router: Router, inbound: Inbound): Promise<Response> {
  const decision = await router.explain({ inbound });
  const explained: Explanation = { winner: decision.order[0]?.candidate ?? null, ...decision };
  return Response.json(explained);
}

/**
 * `POST /v1/explain`: takes `{"prompt": "...", "model": "auto"}` or a request of Chat Completions. Requests of other formats are
 * explained at their own paths, with the header `x-signalbox-explain: true`.
 */
export function explainApi(options: ApiOptions) {
  return async function handle(context: GatewayContext): Promise<Response> {
    try {
      const bytes = await readBody(context, options.maxBodyBytes);
      const body = asObject(parseBody(bytes));
      if (typeof body?.prompt !== 'string') {
        return await explanation(
          options.router,
          createInbound(openaiChat, bytes, pathOf(context), context.req.header()),
        );
      }
      const model = typeof body.model === 'string' ? body.model : 'auto';
      const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: body.prompt }] }];
      return await explanation(options.router, inboundFromRequest({ model, system: [], messages, stream: false }));
    } catch (error) {
      return errorAnswer(error, openaiChat, options);
    }
  };
}
