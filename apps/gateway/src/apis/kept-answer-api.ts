import { randomUUID } from 'node:crypto';
import type { WireFormat } from '@signalbox/core';
import { pageHeaders } from '../access/web-pages.ts';
import { withoutAccountWords } from '../answer/account-words.ts';
import { idHeaders } from '../answer/id-headers.ts';
import { callersCredentials } from '../request/callers-credentials.ts';
import { breakOff, callerSignal, type GatewayContext, sendBody } from '../request/exchange.ts';
import { pathOf } from '../request/inbound.ts';
import { requestHeaders } from '../request/request-headers.ts';
import { type ApiOptions, errorAnswer, watch } from './api-options.ts';
import { unknownPath } from './unknown-path.ts';

/** An id that no question can be about. */
const noQuestion = unknownPath(() => []);

/** Answers questions about what providers keep: an earlier answer, its input, its end in the background. */
export function keptAnswerApi(format: WireFormat, options: ApiOptions) {
  const { keptAnswers } = format;
  if (keptAnswers === undefined) throw new Error(`${format.id} has no kept answers to serve`);
  return async function handle(context: GatewayContext): Promise<Response> {
    const question = keptAnswers.question(context.req.method, pathOf(context));
    if (question === undefined) return noQuestion(context);
    const watched = watch(`${format.id}-kept`, context, options);
    const caller = context.get('caller');
    try {
      const headers = requestHeaders(context);
      watched?.known({ caller, requestedModel: undefined });
      const result = await options.router.kept({
        format,
        question,
        headers,
        credentials: callersCredentials(headers, context.get('opener')),
        caller,
        signal: callerSignal(context),
      });
      const id = randomUUID();
      const { provider, status, body } = result;
      const head = { ...idHeaders(id), 'content-type': result.contentType, 'x-signalbox-provider': provider };
      const answer =
        body instanceof Uint8Array
          ? new Response(body as Uint8Array<ArrayBuffer>, { status, headers: head })
          : await sendBody(
              context,
              Object.entries({ ...head, ...pageHeaders(headers.origin, options.corsOrigins) }).flat(),
              body,
            );
      watched?.ended({ id, provider, status });
      return answer;
    } catch (error) {
      const answer = errorAnswer(withoutAccountWords(error, caller, options.router), format, options, watched);
      return breakOff(context) ?? answer;
    }
  };
}
