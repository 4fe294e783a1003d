import type { EventLayout } from './behaviour.ts';

/** How the events of a stream are laid out in bytes. */
export interface Framing {
  readonly contentType: string;
  /** `index` counts the events of this stream from 0. */
  frame(data: string, event: string | undefined, index: number): string;
  /** What the body ends with. `count`: events that were sent. */
  end(count: number): string;
  /** Bytes between events that carry nothing. */
  readonly keepAlive: string;
}

/** Server-sent events as OpenAI writes them; `event:` where the format names its events. */
export const SSE: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  frame: (data, event) => `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`,
  end: () => '',
  keepAlive: ': keep-alive\n\n',
};

/** Anthropic keeps a stream alive with events of its own. */
export const SSE_PING: Framing = { ...SSE, keepAlive: 'event: ping\ndata: {"type": "ping"}\n\n' };

/** Gemini with `alt=sse`: CRLF. */
export const SSE_CRLF: Framing = {
  contentType: 'text/event-stream',
  frame: (data) => `data: ${data}\r\n\r\n`,
  end: () => '',
  keepAlive: ': keep-alive\r\n\r\n',
};

/** Gemini without `alt=sse`: one JSON array in pieces. */
export const JSON_ARRAY: Framing = {
  contentType: 'application/json; charset=UTF-8',
  frame: (data, _event, index) => `${index === 0 ? '[' : ',\r\n'}${data}`,
  end: (count) => (count === 0 ? '[]' : '\r\n]'),
  keepAlive: '\r\n',
};

/** Ollama: a line for each event. */
export const NDJSON: Framing = {
  contentType: 'application/x-ndjson',
  frame: (data) => `${data}\n`,
  end: () => '',
  keepAlive: '\n',
};

const LAYOUTS: Readonly<Record<EventLayout, (frame: string, index: number) => string>> = {
  crlf: (frame) => frame.replace(/\r?\n/g, '\r\n'),
  cr: (frame) => frame.replace(/\r?\n/g, '\r'),
  bom: (frame, index) => (index === 0 ? `\ufeff${frame}` : frame),
  'no-space': (frame) => frame.replace(/^(event|data): /gm, '$1:'),
  // JSON allows a line break behind its first brace.
  'multi-line': (frame) => frame.replace(/^data: \{/m, 'data: {\ndata: '),
};

/** The same events written in another way; framings that are no server-sent events stay as they are. */
export function withLayout(framing: Framing, layout: EventLayout | undefined): Framing {
  if (layout === undefined || !framing.contentType.startsWith('text/event-stream')) return framing;
  return { ...framing, frame: (data, event, index) => LAYOUTS[layout](framing.frame(data, event, index), index) };
}
