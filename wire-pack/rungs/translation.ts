import {
  type EncodeContext,
  type JsonValue,
  type ModelRequest,
  type ModelResponse,
  ProviderError,
  responseEvents,
  type StreamEvent,
} from '../../packages/core/src/index.ts';
import { requestLosses, silentLosses } from '../losses/request-losses.ts';
import { responseLosses } from '../losses/response-losses.ts';
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

/** Where several answers were wanted: the request's notes say that a stream brings one. */
const ONE_ANSWER = { what: 'several answers', because: 'a stream carries one answer' } as const;

/** (c) The answer, told to a caller of another format, whole and as a stream, and back. */
export function translateAnswer(
  response: ModelResponse,
  events: readonly StreamEvent[] | undefined,
  from: RecordedFormat,
  to: RecordedFormat,
  body: JsonValue,
): readonly string[] {
  // Ids that we made, because the recorded answer has none, may be made again on the way back.
  const recorded = JSON.stringify(body);
  const canSurvive = (id: string) => id !== '' && to.callIds?.test(id) !== false;
  const mustSurvive = (id: string) => canSurvive(id) && recorded.includes(JSON.stringify(id));
  const limits = [...to.answerLimits, ...from.answerLimits];
  const whole = told(response, to);
  if (whole === undefined) return [];
  const faults = responseLosses(response, whole, to.answerLimits, canSurvive).map(
    (loss) => `to ${to.endpoint}: ${loss}`,
  );
  const back = told(whole, from);
  if (back !== undefined)
    faults.push(
      ...responseLosses(response, back, limits, mustSurvive).map((loss) => `to ${to.endpoint} and back: ${loss}`),
    );
  const streamed = toldAsStream(events ?? [...responseEvents(response)], to);
  if (typeof streamed === 'string')
    return response.finish.reason === 'error' ? faults : [...faults, `to a stream of ${to.endpoint}: ${streamed}`];
  faults.push(
    ...responseLosses(response, streamed, [...to.answerLimits, ONE_ANSWER], canSurvive).map(
      (loss) => `to a stream of ${to.endpoint}: ${loss}`,
    ),
  );
  return faults;
}

/** The answer as a client of the format reads it; undefined where an answer that failed is read as the error that it is. */
function told(response: ModelResponse, to: RecordedFormat): ModelResponse | undefined {
  const body: unknown = JSON.parse(JSON.stringify(to.format.server.encodeResponse(response, serverContext())));
  try {
    return to.format.client.decodeResponse(body, { provider: PROVIDER });
  } catch (error) {
    if (response.finish.reason === 'error' && ProviderError.is(error)) return undefined;
    throw error;
  }
}

function toldAsStream(events: readonly StreamEvent[], to: RecordedFormat): ModelResponse | string {
  const { format } = to;
  const decoded = decodeFrames(format, framesOf(format, encodeEvents(format, events)), PROVIDER);
  if (decoded.error !== undefined) return `it ends in an error: ${decoded.error.message}`;
  const [fault] = contractFaults(decoded.events);
  return fault === undefined ? fold(decoded.events) : `it decodes to ${fault}`;
}
