import {
  asObject,
  editDistance,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  RouterError,
} from '@signalbox/core';
import type { BadUsage, Behaviour, EventLayout, WantedToolCall } from './behaviour.ts';
import { ERROR_NAMES } from './error-answer.ts';
import { parseRequestLimit } from './request-limit.ts';
import { shownText } from './shown-text.ts';

type ValueKind =
  | 'flag'
  | 'count'
  | 'positive'
  | 'text'
  | 'tools'
  | 'status'
  | 'retry-after'
  | 'rate-limit'
  | readonly string[];

const FINISHES = [
  'stop',
  'stop-sequence',
  'length',
  'context-window',
  'tool-calls',
  'refusal',
  'content-filter',
  'pause',
] as const;

const LAYOUTS = ['crlf', 'cr', 'bom', 'no-space', 'multi-line'] as const satisfies readonly EventLayout[];
const BAD_USAGES = ['negative', 'null'] as const satisfies readonly BadUsage[];

/** What each key takes. The one list of the directives: the README's table follows it. */
const KEYS: { readonly [Key in keyof Required<Behaviour>]: ValueKind } = {
  text: 'text',
  words: 'positive',
  inputTokens: 'count',
  outputTokens: 'count',
  cacheRead: 'count',
  cacheWrite: 'count',
  reasoningTokens: 'count',
  reasoningField: 'text',
  latency: 'count',
  firstToken: 'count',
  rate: 'positive',
  interval: 'count',
  rateLimit: 'rate-limit',
  finish: FINISHES,
  toolCall: 'tools',
  times: 'count',
  status: 'status',
  error: ERROR_NAMES,
  message: 'text',
  retryAfter: 'retry-after',
  location: 'text',
  noPrefill: 'flag',
  reset: 'flag',
  resetReused: 'flag',
  silent: 'flag',
  slowHeaders: 'positive',
  hold: 'count',
  slowFirstToken: 'count',
  cut: 'count',
  stall: 'count',
  drip: 'count',
  badChunk: 'count',
  corruptGzip: 'count',
  hugeEvent: 'positive',
  invalidUtf8: 'positive',
  malformed: 'positive',
  lostEvent: 'positive',
  errorEvent: 'count',
  noDone: 'flag',
  noFinish: 'flag',
  noUsage: 'flag',
  badUsage: BAD_USAGES,
  duplicateUsage: 'flag',
  duplicateOpening: 'flag',
  duplicateFinish: 'flag',
  html: 'flag',
  emptyBody: 'flag',
  errorBody200: 'flag',
  contentType: 'text',
  contentEncoding: 'text',
  contentLength: 'count',
  closeDelimited: 'flag',
  layout: LAYOUTS,
  comments: 'flag',
  gzip: 'flag',
  splitBytes: 'positive',
  splitDelay: 'count',
};

/** What a key stands for when it is written without a value, for keys that are no flags. */
const BARE: Readonly<Record<string, number>> = {
  cut: 0,
  stall: 0,
  drip: 0,
  badChunk: 0,
  corruptGzip: 0,
  slowHeaders: 2000,
  hugeEvent: 32,
  invalidUtf8: 1,
  malformed: 1,
  lostEvent: 1,
  errorEvent: 0,
  slowFirstToken: 20_000,
};

/**
 * Reads a directive: JSON (`{"status":429,"retryAfter":2}`) or pairs (`status=429; retryAfter=2`). A value that holds a
 * semicolon is written as a JSON string: `text="one; two"`.
 *
 * @throws RouterError `invalid-request` with one sentence that names the key.
 */
export function parseDirective(text: string, where: string): Behaviour {
  const written = text.trim();
  if (!written.startsWith('{')) return checkBehaviour(readPairs(written, where), where);
  const parsed = asObject(parseJson(written));
  if (!parsed) throw bad(`${where} is not a JSON object: write {"key": value} or key=value; key=value.`);
  return checkBehaviour(parsed, where);
}

/** A list may stand at the end: of several brackets the last two close it. */
const IN_PROMPT = /\[\[simulate:([\s\S]*?)\]\](?!\])/g;

/** Takes `[[simulate: ...]]` out of a prompt: what is left, and the directives' text. */
export function extractPromptDirective(prompt: string): { readonly prompt: string; readonly directives: string[] } {
  const directives: string[] = [];
  if (!prompt.includes('[[simulate:')) return { prompt, directives };
  const rest = prompt.replace(IN_PROMPT, (_, directive: string) => {
    directives.push(directive);
    return '';
  });
  return { prompt: rest.trim(), directives };
}

/** Checks every key and value. @throws RouterError `invalid-request`. */
export function checkBehaviour(values: JsonObject, where: string): Behaviour {
  const behaviour: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const kind = (KEYS as Readonly<Record<string, ValueKind>>)[key];
    if (kind === undefined) throw bad(`${where} has the unknown key "${key}": did you mean "${nearestKey(key)}"?`);
    behaviour[key] = checkValue(key, kind, value, where);
  }
  return behaviour as Behaviour;
}

function checkValue(key: string, kind: ValueKind, value: JsonValue, where: string): unknown {
  const wrong = (wanted: string): never => {
    throw bad(`${where}: "${key}" takes ${wanted}, not ${JSON.stringify(value)}.`);
  };
  if (typeof kind === 'object') {
    const text = shownText(value);
    return kind.includes(text) ? text : wrong(`one of ${kind.join(', ')}`);
  }
  if (kind === 'flag') {
    if (value === true || value === 'true' || value === '') return true;
    return value === false || value === 'false' ? false : wrong('true or false');
  }
  if (kind === 'text') return typeof value === 'object' ? wrong('a text') : String(value);
  if (kind === 'tools')
    return readToolCalls(value) ?? wrong('a tool name, or {"name", "arguments"}, or a list of those');
  if (kind === 'retry-after') {
    const text = shownText(value);
    return /^(\d+(\.\d+)?|\d+ms|date:\d+)$/.test(text) ? text : wrong('seconds (2), milliseconds (1500ms) or date:2');
  }
  if (kind === 'rate-limit') {
    const text = shownText(value);
    return parseRequestLimit(text) === undefined ? wrong('requests in a time (3/2s, 60/500ms)') : text;
  }
  const number = value === '' ? BARE[key] : Number(value);
  if (number === undefined || !Number.isFinite(number)) return wrong('a number');
  if (kind === 'status')
    return Number.isInteger(number) && number >= 200 && number <= 599
      ? number
      : wrong('an HTTP status from 200 to 599');
  if (kind === 'positive') return number > 0 ? number : wrong('a number above 0');
  return Number.isInteger(number) && number >= 0 ? number : wrong('a whole number from 0');
}

function readPairs(text: string, where: string): JsonObject {
  const pairs: JsonObject = {};
  // A quoted value may hold semicolons; otherwise a value runs to the next one.
  const pattern = /\s*([A-Za-z][A-Za-z0-9]*)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^;]*))?\s*(?:;|$)/y;
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match?.[1])
      throw bad(`${where} can't be read at "${text.slice(from, from + 30)}": write key=value; key=value.`);
    const value = (match[2] ?? '').trim();
    pairs[match[1]] = value.startsWith('"') ? (parseJson(value) ?? value) : value;
  }
  return pairs;
}

function readToolCalls(given: JsonValue): readonly WantedToolCall[] | undefined {
  // After a `key=` it is JSON in a text.
  const value = typeof given === 'string' && /^\s*[[{]/.test(given) ? (parseJson(given) ?? given) : given;
  if (Array.isArray(value)) {
    const calls = value.map((one) => readToolCall(one));
    return calls.every((call) => call !== undefined) ? calls : undefined;
  }
  const call = readToolCall(value);
  return call && [call];
}

function readToolCall(value: JsonValue): WantedToolCall | undefined {
  if (typeof value === 'string') {
    const [, name, written] = /^([\w.:-]+)\s*(\{[\s\S]*\})?$/.exec(value.trim()) ?? [];
    if (!name) return undefined;
    if (!written) return { name };
    const parsed = asObject(parseJson(written));
    return parsed && { name, arguments: parsed };
  }
  if (!isJsonObject(value) || typeof value.name !== 'string') return undefined;
  return { name: value.name, arguments: asObject(value.arguments) };
}

function nearestKey(key: string): string {
  const known = Object.keys(KEYS).map((one) => ({ one, distance: editDistance(one.toLowerCase(), key.toLowerCase()) }));
  return known.reduce((best, next) => (next.distance < best.distance ? next : best)).one;
}

function bad(message: string): RouterError {
  return new RouterError({ kind: 'invalid-request', message, parameter: 'x-simulate' });
}
