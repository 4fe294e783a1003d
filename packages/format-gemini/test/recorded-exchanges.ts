import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JsonValue, WireFrame } from '@signalbox/core';

/** One recorded HTTP exchange. The recordings are not part of this repository. */
export interface RecordedExchange {
  readonly file: string;
  readonly stream: boolean;
  readonly request: { readonly path: string | null; readonly body: JsonValue };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>> | null;
    readonly body?: JsonValue;
    readonly sse?: string;
    readonly ndjson?: string;
  };
}

const shared = process.env.SIGNALBOX_SHARED ?? resolve(import.meta.dirname, '../../../../shared');
const folder = join(shared, 'wire/exchanges/google.generateContent');

/** The recorded exchanges of this format; none where the recordings are absent, which is said on the console. */
export function recordedExchanges(): readonly RecordedExchange[] {
  if (!existsSync(folder)) {
    console.info(`Skipped: no recorded exchanges at ${folder} (set SIGNALBOX_SHARED).`);
    return [];
  }
  return readdirSync(folder).map((file) => ({ file, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}

/** The frames of recorded SSE text. */
export function sseFrames(text: string): WireFrame[] {
  return text
    .split(/\r\n\r\n|\n\n/)
    .filter((event) => event.trim() !== '')
    .map((event) => ({
      raw: new TextEncoder().encode(event),
      data: event
        .split(/\r\n|\n/)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n'),
    }));
}
