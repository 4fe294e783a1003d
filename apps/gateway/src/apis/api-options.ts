import { randomUUID } from 'node:crypto';
import {
  AllCandidatesFailed,
  type BudgetStanding,
  type Caller,
  ProviderError,
  RouterError,
  UnansweredRequest,
  type WireFormat,
} from '@signalbox/core';
import type { Router } from '@signalbox/router';
import type { GatewayRoutes } from '@signalbox/setup';
import { costHeader } from '../answer/cost-headers.ts';
import type { KeepAlive } from '../answer/keep-alive.ts';
import { withRetryAfter } from '../answer/retry-after.ts';
import { SAFE_HEADERS } from '../answer/safe-headers.ts';
import { type RequestRecord, type RequestWatch, watchRequest } from '../metrics/request-record.ts';
import type { GatewayContext } from '../request/exchange.ts';
import type { ItemShelf } from '../request/item-shelf.ts';
import { requestHeaders } from '../request/request-headers.ts';

/** What every inbound API needs. */
export interface ApiOptions {
  readonly router: Router;
  /** What model names mean; absent: as the router reads them. */
  readonly routes?: GatewayRoutes | undefined;
  /** How a caller's budgets stand. Throws RouterError where nobody can know. */
  readonly standings?: ((caller: Caller) => readonly BudgetStanding[]) | undefined;
  /** What was written for callers who may name it later. */
  readonly shelf: ItemShelf;
  /** Lets streams show a sign of life while they are silent. */
  readonly keepAlive: KeepAlive;
  /** Where a provider counts no tokens: `estimate` them, or refuse (`exact`). */
  readonly countTokens: 'estimate' | 'exact';
  /** Origins of web pages that may call. */
  readonly corsOrigins: readonly string[];
  /** Bytes of a request body at most. */
  readonly maxBodyBytes: number;
  /** Gets faults of the gateway itself: everything that is no answer to the caller. */
  readonly onFault: (error: unknown) => void;
  /** Hears of every request when it is over. */
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
}

/** Follows a request, where somebody wants to hear of it. */
export function watch(api: string, context: GatewayContext, { onRequest }: ApiOptions): RequestWatch | undefined {
  return onRequest === undefined ? undefined : watchRequest(api, requestHeaders(context).traceparent, onRequest);
}

/** An error as an answer in the caller's own format. */
export function errorAnswer(
  error: unknown,
  format: WireFormat,
  { onFault }: ApiOptions,
  watched?: RequestWatch | undefined,
  more: Readonly<Record<string, string>> = {},
): Response {
  const tried = AllCandidatesFailed.is(error) || UnansweredRequest.is(error) ? error : undefined;
  const id = tried?.decision.id ?? randomUUID();
  if (RouterError.is(error) && error.kind === 'aborted') {
    watched?.failed(error, id, 499);
    return new Response(null, { status: 499 });
  }
  const known = callerError(error);
  if (known === undefined) onFault(error);
  const shown = known ?? new RouterError({ kind: 'internal', message: 'The gateway failed; its log says why.' });
  const { status, headers, body } = format.server.encodeError(shown);
  watched?.failed(error, id, status);
  return Response.json(body, {
    status,
    headers: { ...idHeaders(id), ...triedHeaders(tried), ...withRetryAfter(status, { ...headers, ...more }) },
  });
}

/** What was decided and tried for a request that failed. */
function triedHeaders(tried: AllCandidatesFailed | UnansweredRequest | undefined): Record<string, string> {
  if (tried === undefined) return {};
  const { decision, attempts } = tried;
  return {
    'x-signalbox-decision': decision.id,
    'x-signalbox-strategy': decision.strategy,
    'x-signalbox-attempts': String(attempts.length),
    ...costHeader(attempts),
  };
}

/** What every answer says of itself: its id under both names that clients look for. */
export function idHeaders(id: string): Record<string, string> {
  return { ...SAFE_HEADERS, 'request-id': id, 'x-request-id': id };
}

/** The error in the words of the provider that failed last, where there was one; undefined for a fault of ours, whose words are for whoever runs the gateway. */
function callerError(error: unknown): ProviderError | RouterError | undefined {
  if (RouterError.is(error) && error.kind === 'internal') return undefined;
  if (AllCandidatesFailed.is(error)) return error.attempts.length === 1 ? error.last : error;
  return ProviderError.is(error) || RouterError.is(error) ? error : undefined;
}
