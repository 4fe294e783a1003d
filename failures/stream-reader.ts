import { asObject, parseJson } from '../packages/core/src/index.ts';
import type { Protocol, Reading } from './callers/reading.ts';

/** Reads server-sent events out of the pieces of a body. */
export function createStreamReader(protocol: Protocol, reading: Reading): (piece: Uint8Array) => void {
  const readEvent = protocol.createEventReader(reading);
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];

  function endEvent(text: string): void {
    if (text === protocol.endMark) {
      reading.done = true;
      return;
    }
    const event = asObject(parseJson(text));
    if (event === undefined) reading.malformedEvents += 1;
    else readEvent(event);
  }

  return (piece) => {
    const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (reading.done) return;
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && data.length > 0) {
        endEvent(data.join('\n'));
        data = [];
      }
    }
  };
}
