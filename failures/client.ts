import { type IncomingMessage, request as openRequest } from 'node:http';
import { asObject, type Clock, type JsonObject, parseJson } from '../packages/core/src/index.ts';
import { createChatReading, createStreamReader, readChatObject } from './chat-stream-reader.ts';
import type { ClientView, Outcome } from './client-view.ts';

export interface ClientRequest {
  readonly url: string;
  readonly body: JsonObject;
  /** The text of a right answer; absent: any text is right. */
  readonly expected: string | undefined;
  readonly clock: Clock;
  /** When the case began, on its clock. */
  readonly startedAt: number;
  /** Seconds after which the request counts as hanging. */
  readonly wall: number;
  /** Hangs up, as an impatient caller does. */
  readonly signal?: AbortSignal | undefined;
}

/** Sends one Chat Completions request on a connection of its own and reads what comes, to its end or to the wall. */
export function sendRequest(input: ClientRequest): Promise<ClientView> {
  const { clock, startedAt } = input;
  const sentAt = clock.now();
  const reading = createChatReading();
  let status: number | undefined;
  return new Promise((resolve) => {
    const request = openRequest(`${input.url}/v1/chat/completions`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', authorization: 'Bearer caller' },
    });
    let over = false;
    const finish = (ending: 'clean' | 'torn' | 'hang') => {
      if (over) return;
      over = true;
      cancelWall();
      request.destroy();
      resolve({
        ...reading,
        outcome: outcomeOf(ending, status, reading, input.expected),
        sentAt: (sentAt - startedAt) / 1000,
        seconds: (clock.now() - sentAt) / 1000,
        status,
      });
    };
    const cancelWall = clock.after(input.wall * 1000, () => finish('hang'));
    input.signal?.addEventListener('abort', () => finish('torn'), { once: true });
    request.on('error', () => finish('torn'));
    request.on('response', (response) => {
      status = response.statusCode;
      readBody(response, reading, finish);
    });
    request.end(JSON.stringify(input.body));
  });
}

function readBody(
  response: IncomingMessage,
  reading: ReturnType<typeof createChatReading>,
  finish: (ending: 'clean' | 'torn') => void,
): void {
  const streamed = (response.headers['content-type'] ?? '').includes('event-stream');
  const readPiece = createStreamReader(reading);
  const pieces: Uint8Array[] = [];
  response.on('data', (piece: Uint8Array) => {
    if (!streamed) pieces.push(piece);
    else readPiece(piece);
    if (reading.done) finish('clean');
  });
  response.on('error', () => finish('torn'));
  response.on('close', () => {
    const whole = streamed ? undefined : asObject(parseJson(Buffer.concat(pieces).toString('utf8')));
    if (whole !== undefined) readChatObject(whole, reading);
    finish(response.complete ? 'clean' : 'torn');
  });
}

function outcomeOf(
  ending: 'clean' | 'torn' | 'hang',
  status: number | undefined,
  reading: ReturnType<typeof createChatReading>,
  expected: string | undefined,
): Outcome {
  if (ending === 'hang') return 'hang';
  if (reading.error !== undefined || (status ?? 0) >= 400) return 'error';
  if (ending === 'torn') return 'torn';
  return expected === undefined || reading.text === expected ? 'complete' : 'wrong';
}
