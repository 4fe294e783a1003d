import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject, WireFrame } from '@signalbox/core';

/** Real exchanges recorded by other projects: not part of the repository, see SIGNALBOX_SHARED. */
export interface RecordedExchange {
  readonly id: string;
  readonly provider: string;
  readonly malformed?: string;
  readonly partial?: boolean;
  readonly request: { readonly body: JsonObject | null };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly sse?: string;
    readonly text?: string;
  };
}

const shared = process.env.SIGNALBOX_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
/** All recorded exchanges of one endpoint; none where the recordings are absent. */
export function recordedExchanges(endpoint: 'openai.chat' | 'openai.responses'): RecordedExchange[] {
  const folder = `${shared}/wire/exchanges/${endpoint}`;
  if (!existsSync(folder)) {
    console.info(`Skipped: no recorded exchanges at ${folder} (set SIGNALBOX_SHARED).`);
    return [];
  }
  return readdirSync(folder)
    .toSorted()
    .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as RecordedExchange);
}

/** Requests of real programs, by the name of their file; undefined where they are absent. */
export function clientRequest(name: string): JsonObject | undefined {
  const path = `${shared}/clients/${name}.json`;
  if (!existsSync(path)) {
    console.info(`Skipped: no recorded client at ${path} (set SIGNALBOX_SHARED).`);
    return undefined;
  }
  return (JSON.parse(readFileSync(path, 'utf8')) as { body: JsonObject }).body;
}

/** The frames of SSE text, as a transport delivers them. */
export function framesOf(sse: string): WireFrame[] {
  const blocks = sse.split(/\r?\n\r?\n/).filter((block) => block.trim() !== '');
  return blocks.map((block) => {
    const lines = block.split(/\r?\n/);
    const event = lines
      .find((line) => line.startsWith('event:'))
      ?.slice(6)
      .trim();
    const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).replace(/^ /, ''));
    return { raw: new TextEncoder().encode(`${block}\n\n`), event, data: data.join('\n') };
  });
}
