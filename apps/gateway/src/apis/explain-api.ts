import { randomUUID } from 'node:crypto';
import {
  asObject,
  type Decision,
  type Inbound,
  inboundFromRequest,
  type JsonObject,
  RouterError,
} from '@signalbox/core';
import { openaiChat } from '@signalbox/format-openai';
import type { RouteCall, Router } from '@signalbox/router';
import { idHeaders } from '../answer/id-headers.ts';
import { callerOfRequest } from '../request/caller.ts';
import type { GatewayContext } from '../request/exchange.ts';
import { createInbound, parseBody, pathOf } from '../request/inbound.ts';
import { requestBody } from '../request/request-body.ts';
import { requestHeaders } from '../request/request-headers.ts';
import { type ApiOptions, errorAnswer } from './api-options.ts';
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

/** `{"prompt": "...", "model": "auto"}` as a request. Throws RouterError `invalid-request`. */
function inboundOfPrompt({ prompt, model = 'auto' }: JsonObject): Inbound {
  if (typeof prompt !== 'string' || prompt.trim() === '') throw wrong('prompt', 'a text that is not empty');
  if (typeof model !== 'string') throw wrong('model', 'a name, such as "auto"');
  const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text: prompt }] }];
  return inboundFromRequest({ model, system: [], messages, stream: false });
}

function wrong(parameter: string, what: string): RouterError {
  return new RouterError({ kind: 'invalid-request', message: `The field "${parameter}" must be ${what}.`, parameter });
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
      const inbound =
        body?.prompt !== undefined && body.messages === undefined
          ? inboundOfPrompt(body)
          : createInbound(openaiChat, bytes, pathOf(context), headers);
      const caller = callerOfRequest(context.get('caller'), headers, inbound.head);
      return await explanation(options.router, { inbound, route: routeOf(inbound, options), caller });
    } catch (error) {
      return errorAnswer(error, openaiChat, options);
    }
  };
}
