import { type JsonValue, type ModelResponse, parseJson, responseEvents } from '../../packages/core/src/index.ts';
import { compare } from '../compare.ts';
import { withoutDifferences } from '../difference.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import { contractFaults, fold } from '../stream.ts';
import type { Answer } from './answer.ts';

/**
 * (d) The fold of a stream is the answer without a stream: of a recorded stream, what its frames build; of a whole answer, its
 * own events.
 */
export function sameFold(
  answer: Answer,
  { format, foldDifferences = [] }: RecordedFormat,
  provider: string,
): readonly string[] {
  const { response, stream, body } = answer;
  if (response === undefined) return [];
  if (stream === undefined) {
    const folded = fold(responseEvents(response));
    return compare(plain(response, body), plain(folded, body)).map((one) => `the fold of its events: ${one}`);
  }
  const whole = format.client.decodeResponse(body, { provider });
  const sides = withoutDifferences(plain(whole, body), plain(response, body), foldDifferences);
  return [
    ...contractFaults(stream.events).map((fault) => `the stream decodes to ${fault}`),
    ...compare(sides.recorded, sides.ours).map((one) => `without a stream and as one: ${one}`),
  ];
}

/**
 * As JSON. A call's arguments are an object in whole answers of some formats and text in their streams: compared as values. An
 * id that is not in the recording is ours, and may differ.
 */
function plain(response: ModelResponse, body: JsonValue): JsonValue {
  const recorded = JSON.stringify(body);
  const parts = response.parts.map((part) => {
    if (part.type !== 'tool-call') return part;
    const id = recorded.includes(JSON.stringify(part.id)) ? part.id : 'ours';
    if (part.kind === 'custom') return { ...part, id };
    return { ...part, id, arguments: parseJson(part.arguments || '{}') ?? part.arguments };
  });
  return JSON.parse(JSON.stringify({ ...response, parts }));
}
