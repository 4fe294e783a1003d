import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@signalbox/core';

const SHARED = process.env.SIGNALBOX_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));

/** A recorded exchange; `response` has a body or the text of a stream. */
export interface Recording {
  readonly id: string;
  readonly recording: string;
  readonly request: { readonly path: string; readonly body: JsonObject | null };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: JsonObject;
    readonly sse?: string;
  };
}

/** The recorded exchanges of the Messages endpoint; empty where the reference material is absent. */
export function recordedExchanges(): Recording[] {
  return readJson(join(SHARED, 'wire/exchanges/anthropic.messages'), '.json') as Recording[];
}

/** Bodies that real clients of this format sent; empty where the reference material is absent. */
export function clientRequests(): { readonly url: string; readonly body: JsonObject }[] {
  const all = [
    ...readJson(join(SHARED, 'clients'), '.json', 'claude-'),
    ...readJson(join(SHARED, 'clients'), '.json', 'opencode-anthropic'),
  ] as { url: string; body: JsonObject | string | null }[];
  return all.flatMap(({ url, body }) => (typeof body === 'object' && body !== null ? [{ url, body }] : []));
}

function readJson(folder: string, ending: string, beginning = ''): unknown[] {
  if (!existsSync(folder)) {
    console.info(`skipped: no reference material at ${folder} (set SIGNALBOX_SHARED)`);
    return [];
  }
  return readdirSync(folder)
    .filter((name) => name.startsWith(beginning) && name.endsWith(ending))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
}
