import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject, ModelRequest, WireFormat } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { requestLosses, silentLosses } from '../wire-pack/losses/request-losses.ts';

const { SIGNALBOX_SHARED: shared = join(import.meta.dirname, '../../shared') } = process.env;

/** Requests of real clients; not part of the repository: without them there is nothing to test here. */
const FOLDER = join(shared, 'clients');

interface Recorded {
  readonly url: string;
  readonly body?: JsonObject | null | undefined;
}

const PATHS: readonly (readonly [RegExp, string])[] = [
  [/\/v1\/messages/, 'anthropic-messages'],
  [/\/chat\/completions/, 'openai-chat'],
  [/\/v1\/responses/, 'openai-responses'],
  [/enerateContent/, 'gemini'],
];

/** What is really lost of what these clients ask for; everything else is said in the other format, or changes no answer. */
const REAL_LOSSES = [
  // Settings of sampling and style.
  /^sampling\.topK$/,
  /^verbosity$/,
  /^parallelToolCalls$/,
  // Thinking can't begin in the middle of a tool loop.
  /^reasoning$/,
  // Searches in the web where there are none.
  /^tools\[\d+\]$/,
];

const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];
const requests = files.flatMap((name) => {
  const { url, body } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded;
  const id = PATHS.find(([pattern]) => pattern.test(url))?.[1];
  const format = FORMATS.find((one) => one.format.id === id)?.format;
  return format === undefined || body === undefined || body === null ? [] : [{ name, url, body, format }];
});

/** A model of which is known what is known of the models that these clients use. */
const CAPABILITIES = {
  tools: true,
  parallelTools: true,
  vision: true,
  reasoning: true,
  promptCache: true,
  temperature: true,
};

function encode(to: WireFormat, request: ModelRequest) {
  const context = { model: 'some-model', stream: true, provider: 'p', quirks: {}, capabilities: CAPABILITIES };
  return to.client.encodeRequest(request, { ...context, maxOutput: 64_000 });
}

describe.skipIf(requests.length === 0)('requests of real clients', () => {
  const pairs = requests.flatMap((one) =>
    FORMATS.filter(({ format }) => format !== one.format).map(
      ({ format }) => [one.name, format.id, one, format] as const,
    ),
  );

  it.each(pairs)('%s says in %s what is lost, and only that', (_, _id, { url, body, format }, to) => {
    const request = format.server.decodeRequest(body, url);
    const encoded = encode(to, request);
    const dropped = encoded.notes.filter(({ action }) => action === 'dropped').map(({ field }) => field);
    expect(dropped.filter((field) => !REAL_LOSSES.some((loss) => loss.test(field)))).toEqual([]);
    const back = to.server.decodeRequest(JSON.parse(JSON.stringify(encoded.body)), encoded.path);
    expect(silentLosses(requestLosses(request, back), encoded.notes)).toEqual([]);
  });
});
