import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asString, isJsonObject, type JsonObject, type JsonValue, parseJson } from '../packages/core/src/index.ts';
import type { Exchange } from './exchange.ts';

/** Something is wrong with the folder of recordings, not with a codec. The message is one sentence for the user. */
export class PackError extends Error {
  override readonly name = 'PackError';
}

/** What a folder of recordings holds. */
export interface Pack {
  readonly exchanges: readonly Exchange[];
  /** JSON files that are no exchanges at all: neither an endpoint nor an answer. */
  readonly otherFiles: readonly string[];
}

/**
 * Reads every exchange below a folder, in the order of the files' names. An index is not needed. Throws PackError where
 * there is no such folder, no exchange in it, or a file that is broken.
 */
export function readPack(folder: string): Pack {
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) throw new PackError(`There is no folder ${folder}.`);
  if (!stats.isDirectory()) throw new PackError(`${folder} is a file; give the folder that holds the exchanges.`);
  const files = globSync('**/*.json', { cwd: folder }).sort();
  const exchanges: Exchange[] = [];
  const otherFiles: string[] = [];
  for (const file of files) {
    const value = readJson(join(folder, file), file);
    if (isJsonObject(value) && (value.endpoint !== undefined || value.response !== undefined)) {
      exchanges.push(readExchange(value, file));
    } else otherFiles.push(file);
  }
  if (exchanges.length === 0) throw new PackError(`${folder} holds no exchange: no .json file has an endpoint.`);
  return { exchanges, otherFiles };
}

function readJson(path: string, file: string): JsonValue {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JsonValue;
  } catch (error) {
    const problem =
      error instanceof SyntaxError ? `is not JSON (${error.message})` : `can't be read (${String(error)})`;
    throw new PackError(`${file} ${problem.replaceAll('\n', ' ')}.`);
  }
}

/** One exchange. Throws PackError that names the file and the field. */
function readExchange(value: JsonObject, file: string): Exchange {
  const broken = (field: string, expected: string) => new PackError(`${file}: ${field} must be ${expected}.`);
  const { endpoint, provider, request, response } = value;
  if (typeof endpoint !== 'string') throw broken('endpoint', 'a string such as "openai.chat"');
  if (typeof provider !== 'string') throw broken('provider', 'a string such as "openai"');
  if (!isJsonObject(response)) throw broken('response', 'an object');
  if (typeof response.status !== 'number') throw broken('response.status', 'a number');
  if (request !== undefined && request !== null && !isJsonObject(request)) throw broken('request', 'an object');
  const stream = response.sse ?? response.ndjson ?? undefined;
  if (stream !== undefined && typeof stream !== 'string') throw broken('response.sse', "the stream's text");
  if (stream === undefined && ['body', 'text', 'frames'].every((key) => response[key] === undefined)) {
    throw broken('response', 'given a body, sse, ndjson, frames or text');
  }
  const body = request?.body ?? null;
  const text = typeof body === 'string' ? parseJson(body) : body;
  return {
    id: asString(value.id) ?? file,
    provider,
    endpoint,
    partial: value.partial === true,
    malformed: value.malformed !== undefined && value.malformed !== false && value.malformed !== null,
    request: { path: asString(request?.path) ?? '', body: isJsonObject(text) ? text : null },
    response: {
      status: response.status,
      headers: readHeaders(response.headers),
      stream,
      ...(stream === undefined ? { body: response.body ?? response.text ?? null } : {}),
    },
  };
}

function readHeaders(value: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name.toLowerCase(), String(text)]));
}
