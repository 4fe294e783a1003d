import { type IncomingMessage, request as openRequest } from 'node:http';
import { asObject, type Clock, type JsonObject, parseJson } from '../packages/core/src/index.ts';
import { type CallerProtocol, PROTOCOLS } from './callers/index.ts';
import { createReading, type Protocol, type Reading } from './callers/reading.ts';
import type { ClientView, Outcome } from './client-view.ts';
import { createStreamReader } from './stream-reader.ts';

const PROMPT = 'Say the sixty words.';

export interface ClientRequest {
  readonly url: string;
  readonly caller: CallerProtocol;
  readonly model: string;
  /** Laid over the body of the protocol. */
  readonly fields: JsonObject;
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

/** Sends one request on a connection of its own and reads what comes, to its end or to the wall. */
export function sendRequest(input: ClientRequest): Promise<ClientView> {
  const { clock, startedAt } = input;
  const sentAt = clock.now();
  const reading = createReading();
  const protocol: Protocol = PROTOCOLS[input.caller];
  const stream = input.fields.stream !== false;
  const body = { ...protocol.body(input.model, PROMPT, stream), ...withoutStream(input) };
  let status: number | undefined;
  let firstTextAt: number | undefined;
  return new Promise((resolve) => {
    const request = openRequest(`${input.url}${protocol.path(input.model, stream)}`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', ...protocol.headers },
    });
    let over = false;
    const finish = (ending: 'clean' | 'torn' | 'hang') => {
      if (over) return;
      over = true;
      cancelWall();
      request.destroy();
      resolve({
        ...reading,
        outcome: outcomeOf(ending, status, reading, protocol, stream, input.expected),
        sentAt: (sentAt - startedAt) / 1000,
        seconds: (clock.now() - sentAt) / 1000,
        firstTextSeconds: firstTextAt === undefined ? undefined : (firstTextAt - sentAt) / 1000,
        status,
      });
    };
    const cancelWall = clock.after(input.wall * 1000, () => finish('hang'));
    input.signal?.addEventListener('abort', () => finish('torn'), { once: true });
    request.on('error', () => finish('torn'));
    request.on('response', (response) => {
      status = response.statusCode;
      readBody(response, protocol, reading, finish);
      response.on('data', () => {
        if (firstTextAt === undefined && reading.text !== '') firstTextAt = clock.now();
      });
    });
    request.end(JSON.stringify(body));
  });
}

/** Gemini names its stream in the path, not in the body. */
function withoutStream({ caller, fields }: ClientRequest): JsonObject {
  const { stream: _stream, ...others } = fields;
  return caller === 'gemini' ? others : fields;
}

function readBody(
  response: IncomingMessage,
  protocol: Protocol,
  reading: Reading,
  finish: (ending: 'clean' | 'torn') => void,
): void {
  const streamed = (response.headers['content-type'] ?? '').includes('event-stream');
  const readPiece = createStreamReader(protocol, reading);
  const pieces: Uint8Array[] = [];
  response.on('data', (piece: Uint8Array) => {
    if (!streamed) pieces.push(piece);
    else readPiece(piece);
    if (reading.done) finish('clean');
  });
  response.on('error', () => finish('torn'));
  response.on('close', () => {
    const whole = streamed ? undefined : asObject(parseJson(Buffer.concat(pieces).toString('utf8')));
    if (whole !== undefined) protocol.readWhole(whole, reading);
    finish(response.complete ? 'clean' : 'torn');
  });
}

function outcomeOf(
  ending: 'clean' | 'torn' | 'hang',
  status: number | undefined,
  reading: Reading,
  protocol: Protocol,
  stream: boolean,
  expected: string | undefined,
): Outcome {
  if (ending === 'hang') return 'hang';
  if (reading.error !== undefined || (status ?? 0) >= 400) return 'error';
  if (ending === 'torn') return 'torn';
  if (reading.violations.length > 0) return 'wrong';
  if (stream && protocol.endsInFinish && reading.finishReason === undefined) return 'wrong';
  return expected === undefined || reading.text === expected ? 'complete' : 'wrong';
}
