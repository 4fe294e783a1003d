import {
  type EncodeContext,
  type ModelRequest,
  type ModelResponse,
  responseEvents,
  type StreamEvent,
} from '../../packages/core/src/index.ts';
import { requestLosses, silentLosses } from '../../translation/request-losses.ts';
import { responseLosses } from '../../translation/response-losses.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import { contractFaults, decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../stream.ts';

/** The provider's id under which translated requests go out: nobody's, so that nobody's options and signatures go along. */
const PROVIDER = 'another-provider';

/** (c) The request in another format and back keeps all that it says, but for what the notes report. */
export function translateRequest(request: ModelRequest, from: RecordedFormat, to: RecordedFormat): readonly string[] {
  const there = pass(request, to);
  const back = pass(there.request, from);
  return [
    ...there.faults.map((fault) => `to ${to.endpoint}: ${fault}`),
    ...back.faults.map((fault) => `to ${to.endpoint} and back: ${fault}`),
  ];
}

/** One encoding: what was lost without a word, and the request as it arrives. */
function pass(request: ModelRequest, to: RecordedFormat): { request: ModelRequest; faults: readonly string[] } {
  const context: EncodeContext = {
    model: 'some-model',
    stream: request.stream === true,
    provider: PROVIDER,
    quirks: {},
  };
  const { body, path, notes } = to.format.client.encodeRequest(request, context);
  const arrived = to.format.server.decodeRequest(JSON.parse(JSON.stringify(body)), path);
  const silent = silentLosses(requestLosses(request, arrived), notes);
  return { request: arrived, faults: silent.map(({ field, what }) => `${field} is lost without a note: ${what}`) };
}

/** (c) The answer, told to a caller of another format, whole and as a stream, and back. */
export function translateAnswer(
  response: ModelResponse,
  events: readonly StreamEvent[] | undefined,
  from: RecordedFormat,
  to: RecordedFormat,
): readonly string[] {
  const limits = [...to.answerLimits, ...from.answerLimits];
  const whole = told(response, to);
  const faults = responseLosses(response, whole, to.answerLimits).map((loss) => `to ${to.endpoint}: ${loss}`);
  const back = told(whole, from);
  faults.push(...responseLosses(response, back, limits).map((loss) => `to ${to.endpoint} and back: ${loss}`));
  const streamed = toldAsStream(events ?? [...responseEvents(response)], to);
  if (typeof streamed === 'string') return [...faults, `to a stream of ${to.endpoint}: ${streamed}`];
  faults.push(
    ...responseLosses(response, streamed, to.answerLimits).map((loss) => `to a stream of ${to.endpoint}: ${loss}`),
  );
  return faults;
}

function told(response: ModelResponse, to: RecordedFormat): ModelResponse {
  const body: unknown = JSON.parse(JSON.stringify(to.format.server.encodeResponse(response, serverContext())));
  return to.format.client.decodeResponse(body, { provider: PROVIDER });
}

function toldAsStream(events: readonly StreamEvent[], to: RecordedFormat): ModelResponse | string {
  const { format } = to;
  const decoded = decodeFrames(format, framesOf(format, encodeEvents(format, events)), PROVIDER);
  if (decoded.error !== undefined) return `it ends in an error: ${decoded.error.message}`;
  const [fault] = contractFaults(decoded.events);
  return fault === undefined ? fold(decoded.events) : `it decodes to ${fault}`;
}
