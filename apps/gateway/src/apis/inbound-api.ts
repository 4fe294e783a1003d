import type { Caller, Inbound, TranslationNote, WireFormat } from '@signalbox/core';
import type { ForwardResult } from '@signalbox/router';
import { pageHeaders } from '../access/web-pages.ts';
import { withoutAccountWords } from '../answer/account-words.ts';
import { costHeader, predictedCostHeader } from '../answer/cost-headers.ts';
import { addHeaders, type HeaderList } from '../answer/header-list.ts';
import { SAFE_HEADERS } from '../answer/safe-headers.ts';
import { cacheHeaders, cacheUse } from '../request/cache-control.ts';
import {
  breakOff,
  callerSignal,
  type GatewayContext,
  sendBody,
  sendWhole,
  type WatchSilence,
} from '../request/exchange.ts';
import { type ApiOptions, errorAnswer, watch } from './api-options.ts';
import { asksForExplanation, explanation } from './explain-api.ts';
import { receiveRequest } from './receive-request.ts';
import { routeOf } from './route-of.ts';
import { refusalOf, standingOf } from './standing-headers.ts';

/** Another framing for a stream, where a caller asks for one. */
export interface Reframing {
  readonly contentType: string;
  readonly reframe: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

/** A handler that answers requests of one wire format. */
export function inboundApi(
  format: WireFormat,
  options: ApiOptions,
  reframing?: (context: GatewayContext) => Reframing | undefined,
) {
  const shownError = (error: unknown, caller: Caller | undefined) => withoutAccountWords(error, caller, options.router);
  return async function handle(context: GatewayContext): Promise<Response> {
    const watched = watch(format.id, context, options);
    let caller = context.get('caller');
    try {
      const received = await receiveRequest(context, format, options, watched);
      const { inbound, headers } = received;
      caller = received.caller;
      const route = routeOf(inbound, options);
      if (asksForExplanation(headers)) return await explanation(options.router, { inbound, route, caller });
      const result = await options.router.forward({
        inbound,
        route,
        caller,
        signal: callerSignal(context),
        cache: cacheUse(headers['cache-control']),
        strict: headers['x-signalbox-strict'] === 'true' || undefined,
        patienceMs: patienceOf(headers),
        keepItem: keepsItems(format, inbound) ? options.shelf.keeper(caller) : undefined,
        shownError,
      });
      const other = reframing?.(context);
      const contentType = other?.contentType ?? result.contentType;
      const answer = answerHeaders(contentType, result, headers.origin, options.corsOrigins);
      addHeaders(answer, standingOf(caller, format, options));
      const sent = await sendAnswer(context, answer, result, other, signOfLife(format, options));
      watched?.answered(result);
      return sent;
    } catch (error) {
      const shown = shownError(error, caller);
      const answer = errorAnswer(shown, format, options, watched, refusalOf(error, caller, format, options));
      return breakOff(context) ?? answer;
    }
  };
}

/** Whether the caller may name items of the answer later: unless it has said that nothing is to be kept. */
function keepsItems({ namedItems }: WireFormat, { head }: Inbound): boolean {
  return namedItems !== undefined && head.store !== false;
}

function sendAnswer(
  context: GatewayContext,
  headers: HeaderList,
  result: ForwardResult,
  other: Reframing | undefined,
  watchSilence: WatchSilence | undefined,
): Promise<Response> {
  const { streamed, body } = result;
  if (other === undefined && !streamed) return sendWhole(context, headers, body, () => costHeader(result.attempts));
  if (other === undefined) return sendBody(context, headers, body, watchSilence);
  return sendBody(context, headers, other.reframe(body));
}

/** Lets a stream of the format show that it lives; undefined where the format has no word for it. */
function signOfLife({ server }: WireFormat, { keepAlive }: ApiOptions): WatchSilence | undefined {
  const sign = server.keepAlive;
  return sign === undefined ? undefined : (outgoing) => keepAlive(outgoing, sign);
}

/** The SDKs of OpenAI and Anthropic say after how many seconds they give up. */
function patienceOf(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(headers['x-stainless-timeout'] ?? Number.NaN);
  return seconds > 0 ? seconds * 1_000 : undefined;
}

function answerHeaders(
  contentType: string,
  result: ForwardResult,
  origin: string | undefined,
  origins: readonly string[],
): HeaderList {
  const { decision, candidate, attempts, lane } = result;
  const { id } = decision;
  // The attempt that answers is not over yet when the headers go out; a kept answer took none.
  let made = lane === 'cache' ? 0 : 1;
  for (const attempt of attempts) if (attempt.outcome !== 'success') made += 1;
  const headers: HeaderList = ['content-type', contentType];
  addHeaders(headers, SAFE_HEADERS);
  headers.push('request-id', id, 'x-request-id', id, 'x-signalbox-decision', id);
  headers.push('x-signalbox-provider', candidate.provider.id, 'x-signalbox-model', candidate.model);
  headers.push('x-signalbox-strategy', decision.strategy, 'x-signalbox-lane', lane);
  headers.push('x-signalbox-attempts', String(made));
  if (result.streamed) addHeaders(headers, predictedCostHeader(decision, candidate.id));
  if (result.cache !== undefined) addHeaders(headers, cacheHeaders(result.cache));
  if (result.notes.length > 0) addHeaders(headers, lossHeader(result.notes));
  if (candidate.provider.simulated) headers.push('x-signalbox-simulated', 'true');
  if (origins.length > 0) addHeaders(headers, pageHeaders(origin, origins));
  return headers;
}

const MAX_LOSS_HEADER = 1_000;

/** What the request lost on its way into another format, in one header: `dropped seed; approximated reasoning`. */
function lossHeader(notes: readonly TranslationNote[]): Record<string, string> {
  const losses = notes.filter((note) => note.action !== 'mapped').map((note) => `${note.action} ${note.field}`);
  if (losses.length === 0) return {};
  const text = losses.join('; ').replace(/[^\x20-\x7e]/g, '?');
  return { 'x-signalbox-loss': text.length > MAX_LOSS_HEADER ? `${text.slice(0, MAX_LOSS_HEADER)}...` : text };
}
