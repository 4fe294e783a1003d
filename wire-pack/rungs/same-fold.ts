import { responseEvents } from '../../packages/core/src/index.ts';
import { compare } from '../compare.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import { contractFaults, fold } from '../stream.ts';
import type { Answer } from './answer.ts';

/**
 * (d) The fold of a stream is the answer without a stream: of a recorded stream, what its frames build; of a whole answer, its
 * own events.
 */
export function sameFold(answer: Answer, { format }: RecordedFormat, provider: string): readonly string[] {
  const { response, stream, body } = answer;
  if (response === undefined) return [];
  if (stream === undefined) {
    return compare(plain(response), plain(fold(responseEvents(response)))).map(
      (one) => `the fold of its events: ${one}`,
    );
  }
  const whole = format.client.decodeResponse(body, { provider });
  return [
    ...contractFaults(stream.events).map((fault) => `the stream decodes to ${fault}`),
    ...compare(plain(whole), plain(response)).map((one) => `without a stream and as one: ${one}`),
  ];
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
