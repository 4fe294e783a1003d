import { randomUUID } from 'node:crypto';
import { asObject, type Caller, RouterError } from '@signalbox/core';
import { openaiChat } from '@signalbox/format-openai';
import { idHeaders } from '../answer/id-headers.ts';
import type { GatewayContext } from '../request/exchange.ts';
import { parseBody } from '../request/inbound.ts';
import { requestBody } from '../request/request-body.ts';
import { type ApiOptions, errorAnswer } from './api-options.ts';

/** An answer that somebody judges. */
export interface GivenFeedback {
  /** The decision's id, the beginning of one, or `last`. */
  readonly id: string;
  readonly good: boolean;
  readonly note?: string | undefined;
  /** Who judges: nobody may judge answers that others got. */
  readonly caller: Caller;
}

/** What was judged. */
export interface TakenFeedback {
  readonly decision: string;
  /** `provider/model id`. */
  readonly candidate: string;
  /** Whether it counts: of an answer that was made up, or whose task was not analysed, it is only written down. */
  readonly counts: boolean;
}

/** Writes feedback down. Throws RouterError `usage` where there is no such answer of the caller's. */
export type TakeFeedback = (feedback: GivenFeedback) => TakenFeedback;

const MAX_BODY_BYTES = 64 * 1024;

/**
 * `POST /v1/feedback`: takes `{"id": "…", "verdict": "good" | "bad", "note": "…"}` and answers `{"id", "candidate", "verdict", "counts"}`. The id is the one in
 * `x-signalbox-decision`. 404: the caller has no such answer.
 */
export function feedbackApi(take: TakeFeedback | undefined, options: ApiOptions) {
  return async function handle(context: GatewayContext): Promise<Response> {
    try {
      const body = asObject(parseBody(await requestBody(context, MAX_BODY_BYTES)));
      const { id, verdict, note } = body ?? {};
      if (typeof id !== 'string' || id.trim() === '') throw invalid('"id" must be the id of a decision.', 'id');
      if (verdict !== 'good' && verdict !== 'bad') throw invalid('"verdict" must be "good" or "bad".', 'verdict');
      if (note !== undefined && typeof note !== 'string') throw invalid('"note" must be text.', 'note');
      if (take === undefined) {
        throw new RouterError({
          kind: 'unsupported',
          message: 'This gateway keeps no ledger, so it can take no feedback.',
        });
      }
      const { decision, candidate, counts } = take({
        id,
        good: verdict === 'good',
        note,
        caller: context.get('caller'),
      });
      return Response.json({ id: decision, candidate, verdict, counts }, { headers: idHeaders(randomUUID()) });
    } catch (error) {
      if (!RouterError.is(error) || error.kind !== 'usage') return errorAnswer(error, openaiChat, options);
      const { message } = error;
      const shown = { error: { message, type: 'not_found_error', param: 'id', code: 'unknown_decision' } };
      return Response.json(shown, { status: 404, headers: idHeaders(randomUUID()) });
    }
  };
}

function invalid(message: string, parameter: string): RouterError {
  return new RouterError({ kind: 'invalid-request', message, parameter });
}
