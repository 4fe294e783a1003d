import { readFile } from 'node:fs/promises';
import { asObject, type JsonObject, type ModelRequest, parseJson, RouterError } from '@signalbox/core';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { whyUnreadable } from '../prompt/why-unreadable.ts';

/** One request of a file. */
export interface BatchLine {
  /** The caller's own name for it. */
  readonly id: string;
  /** The model that the line names. */
  readonly model: string | undefined;
  readonly request: ModelRequest;
}

const OWN_KEYS = ['id', 'prompt', 'system', 'model', 'max_tokens', 'temperature'];

/**
 * The requests of a file of JSON lines: `{"id": "a", "prompt": "…"}` with `system`, `model`, `max_tokens`, `temperature` if need be, or lines as OpenAI's (`custom_id`, `url`, `body`) and
 * Anthropic's (`custom_id`, `params`) own batches have them, which go to either. Throws RouterError `usage` with the line's number.
 */
export function parseBatchLines(text: string, file: string): readonly BatchLine[] {
  const lines: BatchLine[] = [];
  const seen = new Map<string, number>();
  for (const [index, json] of text.split('\n').entries()) {
    if (json.trim() === '') continue;
    const number = index + 1;
    const fail = (what: string): never => {
      throw new RouterError({ kind: 'usage', message: `${file}:${number} ${what}.` });
    };
    const row =
      asObject(parseJson(json)) ?? fail('is no JSON object: each line is a request such as {"id": "a", "prompt": "…"}');
    const line = readLine(row, number, fail);
    const before = seen.get(line.id);
    if (before !== undefined) fail(`has the id "${line.id}" of line ${before}: results could not be told apart`);
    seen.set(line.id, number);
    lines.push(line);
  }
  if (lines.length === 0)
    throw new RouterError({
      kind: 'usage',
      message: `${file} has no requests: write one a line, such as {"id": "a", "prompt": "…"}.`,
    });
  return lines;
}

/** Reads a file. Throws RouterError `usage`. */
export async function readBatchText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new RouterError({ kind: 'usage', message: `${file} can't be read: ${whyUnreadable(error)}.` });
  });
}

function readLine(row: JsonObject, number: number, fail: (what: string) => never): BatchLine {
  if (row.params !== undefined || row.body !== undefined) return readForeignLine(row, fail);
  const unknown = Object.keys(row).find((key) => !OWN_KEYS.includes(key));
  if (unknown !== undefined) fail(`has the unknown key "${unknown}": a request has ${OWN_KEYS.join(', ')}`);
  const text = (key: string) => {
    const value = row[key];
    if (value === undefined || typeof value === 'string') return value;
    return fail(`has a "${key}" that is no text`);
  };
  const count = (key: string, fits: (value: number) => boolean, what: string) => {
    const value = row[key];
    if (value === undefined || (typeof value === 'number' && fits(value))) return value as number | undefined;
    return fail(`has a "${key}" that is not ${what}`);
  };
  const prompt = text('prompt') ?? fail('has no "prompt"');
  const system = text('system');
  const model = text('model');
  const temperature = count('temperature', (value) => value >= 0 && value <= 2, '0 to 2');
  return {
    id: idOf(row.id, number, fail),
    model,
    request: {
      model,
      system: system === undefined ? [] : [{ type: 'text', text: system }],
      messages: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
      maxOutputTokens: count('max_tokens', (value) => Number.isInteger(value) && value > 0, 'a whole number above 0'),
      sampling: temperature === undefined ? undefined : { temperature },
    },
  };
}

function readForeignLine(row: JsonObject, fail: (what: string) => never): BatchLine {
  const url = typeof row.url === 'string' ? row.url : '/v1/chat/completions';
  const provider =
    row.params !== undefined
      ? bundledProviders.anthropic
      : url.endsWith('/responses')
        ? providerTypes['openai-responses']
        : url.endsWith('/chat/completions')
          ? bundledProviders.openai
          : fail(`is for ${url}: requests are for /v1/chat/completions or /v1/responses`);
  const body = row.params ?? row.body;
  try {
    const request = provider?.format.server.decodeRequest(body, row.params === undefined ? url : '/v1/messages');
    if (request === undefined) return fail('can not be read');
    return { id: idOf(row.custom_id, undefined, fail), model: request.model, request: { ...request, stream: false } };
  } catch (error) {
    if (RouterError.is(error) && error.kind === 'invalid-request')
      return fail(`is refused: ${error.message.replace(/\.$/, '')}`);
    throw error;
  }
}

function idOf(value: unknown, number: number | undefined, fail: (what: string) => never): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  return value === undefined && number !== undefined ? `line-${number}` : fail('has no id that is text');
}
