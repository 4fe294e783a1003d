import type { WireFrame } from '@signalbox/core';

/** Cuts the bytes of a stream into frames. */
export interface TestFramer {
  add(bytes: Uint8Array): WireFrame[];
  /** The frame that was not ended, if it has data. */
  end(): WireFrame[];
}

/**
 * A framer that is written for clarity and not for speed, so that the suite does not rest on the one it helps to check. SSE
 * lines end in LF, CR or CRLF; a CR at the end of a piece waits for what follows it.
 */
export function createTestFramer(framing: 'sse' | 'ndjson'): TestFramer {
  const decoder = new TextDecoder();
  let text = '';
  let event: string | undefined;
  let data: string[] = [];
  let raw = '';

  function dispatch(): WireFrame[] {
    const seen = raw !== '';
    const frame = { raw: new TextEncoder().encode(raw), event, data: data.join('\n') };
    raw = '';
    event = undefined;
    data = [];
    return seen ? [frame] : [];
  }

  function line(content: string, ending: string): WireFrame[] {
    raw += content + ending;
    if (framing === 'ndjson') {
      data = [content];
      return content.trim() === '' ? [] : dispatch();
    }
    if (content === '') return dispatch();
    const colon = content.indexOf(':');
    const field = colon === -1 ? content : content.slice(0, colon);
    const value = colon === -1 ? '' : content.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    return [];
  }

  function takeLines(last: boolean): WireFrame[] {
    const frames: WireFrame[] = [];
    for (;;) {
      const found = /\r\n|\n|\r/.exec(text);
      if (found === null) return frames;
      const ending = found[0];
      if (ending === '\r' && found.index === text.length - 1 && !last) return frames;
      frames.push(...line(text.slice(0, found.index), ending));
      text = text.slice(found.index + ending.length);
    }
  }

  return {
    add(bytes) {
      text += decoder.decode(bytes, { stream: true });
      return takeLines(false);
    },
    end() {
      text += decoder.decode();
      const frames = takeLines(true);
      if (text !== '') frames.push(...line(text, ''));
      return data.length === 0 ? frames : [...frames, ...dispatch()];
    },
  };
}

/** All frames of a text. */
export function framesOf(framing: 'sse' | 'ndjson', text: string): WireFrame[] {
  const framer = createTestFramer(framing);
  return [...framer.add(new TextEncoder().encode(text)), ...framer.end()];
}
