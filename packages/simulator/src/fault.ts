import type { ServerResponse } from 'node:http';
import type { Clock } from '@signalbox/core';
import { retryAfterHeaders } from './answer-headers.ts';
import type { Behaviour } from './behaviour.ts';
import { errorAnswer, type Vendor, type WantedError } from './error-answer.ts';
import { pause } from './pause.ts';
import { type Playback, playBody } from './playback.ts';
import type { SimulatedRequest } from './simulated-request.ts';

export interface FaultContext {
  readonly behaviour: Behaviour;
  readonly vendor: Vendor;
  readonly requestId: string;
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly playback: Playback;
  /** Whether the connection has carried a request before. */
  readonly reused: boolean;
  readonly request: SimulatedRequest | undefined;
  /** Begins the answer: status and headers, those of the vendor included. */
  begin(status: number, headers: Record<string, string>): void;
}

/** Plays a fault that takes the place of the whole answer. False: there is none, the answer is due. */
export async function playFault(context: FaultContext): Promise<boolean> {
  const { behaviour, playback, response } = context;
  if (behaviour.reset || (behaviour.resetReused && context.reused)) {
    playback.onBreak();
    response.socket?.resetAndDestroy();
    return true;
  }
  if (behaviour.silent) {
    await pause(context.clock, behaviour.hold, context.signal);
    if (!context.signal.aborted) playback.onBreak();
    response.socket?.destroySoon();
    return true;
  }
  if (behaviour.slowHeaders !== undefined) return playSlowHeaders(context, behaviour.slowHeaders);
  if (behaviour.noPrefill && context.request?.prefill !== undefined) {
    await sendError(context, { name: 'invalid_prefill' }, undefined);
    return true;
  }
  if (behaviour.html) {
    context.begin(200, { 'content-type': behaviour.contentType ?? 'text/html; charset=utf-8' });
    await playBody(
      '<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>\n',
      playback,
    );
    return true;
  }
  if (behaviour.emptyBody) return sendEmpty(context, 200);
  const { status } = behaviour;
  if (status !== undefined && status < 400 && status !== 200) return sendEmpty(context, status);
  if (behaviour.errorBody200) {
    await sendError(context, { name: behaviour.error, status: behaviour.error ? undefined : behaviour.status }, 200);
    return true;
  }
  const named = behaviour.error !== undefined && behaviour.errorEvent === undefined;
  if (!named && (status === undefined || status === 200)) return false;
  await sendError(context, { name: behaviour.error, status }, undefined);
  return true;
}

/** A head that never ends: its last header grows by a byte at a time. */
async function playSlowHeaders(context: FaultContext, interval: number): Promise<true> {
  const { behaviour, clock, signal, response } = context;
  const end = behaviour.hold === undefined ? Number.POSITIVE_INFINITY : clock.now() + behaviour.hold;
  response.socket?.write('HTTP/1.1 200 OK\r\nx-slow: ');
  while (!signal.aborted && clock.now() < end) {
    response.socket?.write('z');
    await pause(clock, interval, signal);
  }
  if (!signal.aborted) context.playback.onBreak();
  response.socket?.destroySoon();
  return true;
}

/** Sends an error in the vendor's shape; `answerStatus` where it is not the error's own. */
export async function sendError(
  context: FaultContext,
  wanted: Omit<WantedError, 'requestId'>,
  answerStatus: number | undefined,
): Promise<void> {
  const { behaviour, vendor, requestId, playback } = context;
  const wait = retryAfterHeaders(behaviour.retryAfter, context.clock.now());
  const error = errorAnswer(vendor, {
    message: behaviour.message,
    ...wanted,
    requestId,
    retryAfterSeconds: wait.seconds,
  });
  const status = answerStatus ?? error.status;
  const headers: Record<string, string> = {
    'content-type': behaviour.contentType ?? 'application/json',
    ...wait.headers,
  };
  // Anthropic's header says whether its client should try again.
  if (vendor === 'anthropic' && status >= 400)
    headers['x-should-retry'] = String(status === 408 || status === 409 || status === 429 || status >= 500);
  context.begin(status, headers);
  await playBody(JSON.stringify(error.body), playback);
}

async function sendEmpty(context: FaultContext, status: number): Promise<true> {
  const { behaviour } = context;
  const headers: Record<string, string> = { 'content-type': behaviour.contentType ?? 'application/json' };
  if (behaviour.location !== undefined) headers.location = behaviour.location;
  context.begin(status, headers);
  await context.playback.body.end();
  return true;
}
