import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject, JsonValue } from '@signalbox/core';

const SHARED = process.env.SIGNALBOX_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));

/** A recorded exchange; `response` has a body or the text of a stream. */
export interface Recording {
  readonly id: string;
  readonly request: { readonly path: string | null; readonly body: JsonObject | null };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>> | null;
    readonly body?: JsonValue;
    readonly sse?: string;
  };
}

/** The recorded exchanges of generateContent; empty where the reference material is absent. */
export function recordedExchanges(): Recording[] {
  return readJson(join(SHARED, 'wire/exchanges/google.generateContent')) as Recording[];
}

/** Requests that real clients of this format sent; empty where the reference material is absent. */
export function clientRequests(): { readonly url: string; readonly body: JsonObject }[] {
  const all = readJson(join(SHARED, 'clients'), /^(gemini|opencode-gemini)-/) as { url: string; body: unknown }[];
  return all.flatMap(({ url, body }) =>
    typeof body === 'object' && body !== null ? [{ url, body: body as JsonObject }] : [],
  );
}

function readJson(folder: string, names = /\.json$/): unknown[] {
  if (!existsSync(folder)) {
    console.info(`skipped: no reference material at ${folder} (set SIGNALBOX_SHARED)`);
    return [];
  }
  return readdirSync(folder)
    .filter((name) => names.test(name) && name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
}
