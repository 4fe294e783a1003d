import { type JsonValue, responseEvents } from '../../packages/core/src/index.ts';
import { compare } from '../compare.ts';
import { type Difference, withoutDifferences } from '../difference.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import { contractFaults, decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../stream.ts';
import type { Answer } from './answer.ts';

/** (a) The answer, decoded and encoded for a caller of the same format, is the recorded one; so is what its stream builds. */
export function sameAnswer(answer: Answer, recorded: RecordedFormat, provider: string): readonly string[] {
  const { format, answerDifferences, streamDifferences = [], replayDifferences = [], assemble } = recorded;
  const { response, stream, body } = answer;
  if (response === undefined) return [];
  const whole = asJson(format.server.encodeResponse(response, serverContext()));
  const inStreams = [...answerDifferences, ...streamDifferences];
  const faults =
    stream === undefined
      ? differing('the answer', body, whole, answerDifferences)
      : differing('the answer', body, whole, inStreams);
  const text = encodeEvents(format, stream?.events ?? responseEvents(response));
  const frames = framesOf(format, text);
  const again = decodeFrames(format, frames, provider);
  if (again.error !== undefined) return [...faults, `our stream ends in an error: ${again.error.message}`];
  faults.push(...contractFaults(again.events).map((fault) => `our stream decodes to ${fault}`));
  const written = asJson(format.server.encodeResponse(fold(again.events), serverContext()));
  const differences = stream === undefined ? [...inStreams, ...replayDifferences] : inStreams;
  faults.push(...differing('our stream', body, assemble(frames), differences));
  faults.push(...differing('our stream, decoded', body, written, differences));
  return faults;
}

function differing(what: string, body: JsonValue, ours: JsonValue, differences: readonly Difference[]): string[] {
  const sides = withoutDifferences(body, ours, differences);
  return compare(sides.recorded, sides.ours).map((difference) => `${what}: ${difference}`);
}

function asJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value));
}
