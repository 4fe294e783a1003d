import { responseEvents } from '../../packages/core/src/index.ts';
import { compare } from '../compare.ts';
import { withoutDifferences } from '../difference.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import { contractFaults, decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../stream.ts';
import type { Answer } from './answer.ts';

/** (a) The answer, decoded and encoded for a caller of the same format, is the recorded one; so is what its stream builds. */
export function sameAnswer(answer: Answer, recorded: RecordedFormat, provider: string): readonly string[] {
  const { format, answerDifferences, assemble } = recorded;
  if (answer.response === undefined) return [];
  const whole = JSON.parse(JSON.stringify(format.server.encodeResponse(answer.response, serverContext())));
  const faults = compareBodies('the answer', answer.body, whole, recorded);
  const events = answer.stream?.events ?? [...responseEvents(answer.response)];
  const text = encodeEvents(format, events);
  const frames = framesOf(format, text);
  const again = decodeFrames(format, frames, provider);
  if (again.error !== undefined) return [...faults, `our stream ends in an error: ${again.error.message}`];
  faults.push(...contractFaults(again.events).map((fault) => `our stream decodes to ${fault}`));
  const sides = withoutDifferences(answer.body, assemble(frames), answerDifferences);
  faults.push(...compare(sides.recorded, sides.ours).map((difference) => `our stream: ${difference}`));
  const written = format.server.encodeResponse(fold(again.events), serverContext());
  faults.push(...compareBodies('our stream, decoded', answer.body, JSON.parse(JSON.stringify(written)), recorded));
  return faults;
}

function compareBodies(
  what: string,
  body: Answer['body'],
  ours: Answer['body'],
  { answerDifferences }: RecordedFormat,
): string[] {
  const sides = withoutDifferences(body, ours, answerDifferences);
  return compare(sides.recorded, sides.ours).map((difference) => `${what}: ${difference}`);
}
