import {
  AllCandidatesFailed,
  type Inbound,
  ProviderError,
  parseJson,
  RouterError,
  type TranslationNote,
  type WireFormat,
} from '@signalbox/core';
import type { ForwardResult, Router } from '@signalbox/router';
import { callerSignal, type GatewayContext, readBody, sendBody } from './exchange.ts';

export interface InboundApiOptions {
  readonly router: Router;
  /** Bytes of a request body at most. */
  readonly maxBodyBytes: number;
  /** Gets faults of the gateway itself: everything that is no answer to the caller. */
  readonly onFault: (error: unknown) => void;
}

/** A handler that answers requests of one wire format. */
export function inboundApi(format: WireFormat, options: InboundApiOptions) {
  return async function handle(context: GatewayContext): Promise<Response> {
    try {
      const body = await readBody(context, options.maxBodyBytes);
      const { pathname, search } = new URL(context.req.url);
      const path = `${pathname}${search}`;
      const inbound = createInbound(format, body, path, context.req.header());
      const result = await options.router.forward({
        inbound,
        signal: callerSignal(context),
        strict: context.req.header('x-signalbox-strict') === 'true' || undefined,
      });
      return await sendBody(context, answerHeaders(result), result.body);
    } catch (error) {
      if (RouterError.is(error) && error.kind === 'aborted') return new Response(null, { status: 499 });
      const known = callerError(error);
      if (known === undefined) options.onFault(error);
      const shown = known ?? new RouterError({ kind: 'internal', message: 'The gateway failed; its log says why.' });
      const { status, headers, body } = format.server.encodeError(shown);
      return Response.json(body, { status, headers });
    }
  };
}

/** The request as the engine takes it; the canonical form is made when it is first needed. */
function createInbound(
  format: WireFormat,
  body: Uint8Array,
  path: string,
  headers: Readonly<Record<string, string>>,
): Inbound {
  let request: ReturnType<Inbound['request']> | undefined;
  return {
    wire: { format, body, path, headers },
    head: format.server.scanHead(body, path),
    request() {
      if (request === undefined) {
        const parsed = parseJson(new TextDecoder().decode(body));
        if (parsed === undefined) {
          throw new RouterError({ kind: 'invalid-request', message: 'The request body is not valid JSON.' });
        }
        request = format.server.decodeRequest(parsed, path);
      }
      return request;
    },
  };
}

/** The error in the words of the provider that failed last, where there was one; undefined for a fault of ours. */
function callerError(error: unknown): ProviderError | RouterError | undefined {
  if (AllCandidatesFailed.is(error)) return error.attempts.length === 1 ? error.last : error;
  return ProviderError.is(error) || RouterError.is(error) ? error : undefined;
}

function answerHeaders(result: ForwardResult): Record<string, string> {
  const { decision, candidate, attempts, lane } = result;
  return {
    'content-type': result.contentType,
    'cache-control': 'no-cache',
    'request-id': decision.id,
    'x-request-id': decision.id,
    'x-signalbox-decision': decision.id,
    'x-signalbox-provider': candidate.provider.id,
    'x-signalbox-model': candidate.model,
    'x-signalbox-strategy': decision.strategy,
    'x-signalbox-lane': lane,
    // The attempt that answers is not over yet when the headers go out.
    'x-signalbox-attempts': String(attempts.filter((attempt) => attempt.outcome !== 'success').length + 1),
    ...lossHeader(result.notes),
    ...(candidate.provider.simulated ? { 'x-signalbox-simulated': 'true' } : {}),
  };
}

const MAX_LOSS_HEADER = 1_000;

/** What the request lost on its way into another format, in one header: `dropped seed; approximated reasoning`. */
function lossHeader(notes: readonly TranslationNote[]): Record<string, string> {
  const losses = notes.filter((note) => note.action !== 'mapped').map((note) => `${note.action} ${note.field}`);
  if (losses.length === 0) return {};
  const text = losses.join('; ').replace(/[^\x20-\x7e]/g, '?');
  return { 'x-signalbox-loss': text.length > MAX_LOSS_HEADER ? `${text.slice(0, MAX_LOSS_HEADER)}...` : text };
}
