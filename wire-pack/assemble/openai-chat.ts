import {
  asArray,
  asNumber,
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  type WireFrame,
} from '../../packages/core/src/index.ts';

/** Members of a chunk that belong to the chunk and not to the answer. */
const OF_A_CHUNK = new Set(['choices', 'usage', 'obfuscation', 'object', 'p']);

/** The `chat.completion` that a stream of chunks builds, put together without our codec. */
export function assembleChatCompletion(frames: readonly WireFrame[]): JsonObject {
  const answer: JsonObject = { object: 'chat.completion' };
  const choices = new Map<number, JsonObject>();
  for (const frame of frames) {
    const chunk = asObject(parseJson(frame.data));
    if (chunk === undefined) continue;
    for (const [key, value] of Object.entries(chunk)) {
      // The first id and model that say something are the answer's: Azure's first chunk has neither.
      const once = key === 'id' || key === 'model' || key === 'created';
      if (OF_A_CHUNK.has(key) || value === null || (once && (answer[key] || value === '' || value === 0))) continue;
      answer[key] = value;
    }
    if (isJsonObject(chunk.usage)) answer.usage = chunk.usage;
    for (const value of asArray(chunk.choices)) addChoice(choices, asObject(value) ?? {});
  }
  return { ...answer, choices: [...choices].sort(([one], [other]) => one - other).map(([, choice]) => choice) };
}

/** Texts that come in pieces; of other texts the last one holds. */
const PIECEWISE = new Set([
  'content',
  'reasoning',
  'reasoning_content',
  'refusal',
  'arguments',
  'input',
  'text',
  'summary',
  'data',
  'transcript',
]);

function addChoice(choices: Map<number, JsonObject>, piece: JsonObject): void {
  const index = asNumber(piece.index) ?? 0;
  const choice: JsonObject = choices.get(index) ?? { index, message: { role: 'assistant' } };
  choices.set(index, choice);
  for (const [key, value] of Object.entries(piece)) {
    if (
      key === 'delta' ||
      key === 'index' ||
      value === null ||
      (key === 'finish_reason' && value === '' && choice[key])
    )
      continue;
    choice[key] = key === 'logprobs' ? joinLogprobs(asObject(choice.logprobs), asObject(value)) : value;
  }
  const message = asObject(choice.message) ?? {};
  const { tool_calls: calls, ...delta } = asObject(piece.delta) ?? {};
  for (const [key, value] of Object.entries(delta)) message[key] = joined(key, message[key], value);
  for (const call of asArray(calls)) addCall(message, asObject(call) ?? {});
}

/** Texts are appended, lists go on, objects are joined member by member; a role is said once. */
function joined(key: string, before: JsonValue | undefined, value: JsonValue | undefined): JsonValue | undefined {
  if (value === null || value === undefined) return before ?? null;
  if (before === null || before === undefined || key === 'role' || key === 'id' || key === 'expires_at') return value;
  if (typeof before === 'string' && typeof value === 'string') return PIECEWISE.has(key) ? before + value : value;
  if (key === 'reasoning_details') return joinDetails(asArray(before), asArray(value));
  if (Array.isArray(before) && Array.isArray(value)) return [...before, ...value];
  if (typeof before === 'string' && Array.isArray(value)) return before === '' ? value : [...asTexts(before), ...value];
  if (Array.isArray(before) && typeof value === 'string') return value === '' ? before : [...before, ...asTexts(value)];
  if (isJsonObject(before) && isJsonObject(value)) {
    const both = { ...before };
    for (const [name, member] of Object.entries(value)) both[name] = joined(name, both[name], member);
    return both;
  }
  return value;
}

function asTexts(text: string): JsonValue[] {
  return [{ type: 'text', text }];
}

/** OpenRouter's pieces of one detail stand one behind the other. */
function joinDetails(before: readonly JsonValue[], more: readonly JsonValue[]): JsonValue[] {
  const details = [...before];
  for (const value of more) {
    const last = asObject(details.at(-1));
    const piece = asObject(value);
    if (last === undefined || piece === undefined || last.index !== piece.index || last.type !== piece.type) {
      details.push(value);
      continue;
    }
    const both = { ...last };
    for (const [key, member] of Object.entries(piece)) {
      if (['text', 'summary', 'data'].includes(key)) both[key] = joined(key, both[key], member);
      else if (member !== null) both[key] = member;
    }
    details[details.length - 1] = both;
  }
  return details;
}

/** A known id goes on with its call, a new id is a new call even on a used index, neither means the current call. */
function addCall(message: JsonObject, piece: JsonObject): void {
  const calls = asArray(message.tool_calls).filter(isJsonObject);
  const id = asString(piece.id) || undefined;
  const byIndex = calls.findLast((call) => piece.index !== undefined && call.index === piece.index);
  const known =
    (id === undefined ? undefined : calls.find((call) => call.id === id)) ??
    (byIndex !== undefined && (id === undefined || byIndex.id === undefined) ? byIndex : undefined) ??
    (id === undefined && piece.index === undefined && asObject(piece.function)?.name === undefined
      ? calls.at(-1)
      : undefined);
  const call = known ?? {};
  if (known === undefined) message.tool_calls = [...calls, call];
  for (const [key, value] of Object.entries(piece)) {
    if (key === 'function' || key === 'custom') call[key] = joinFunction(asObject(call[key]), asObject(value) ?? {});
    else if (value !== null && value !== '' && call[key] === undefined) call[key] = value;
  }
}

function joinFunction(before: JsonObject | undefined, piece: JsonObject): JsonObject {
  const both: JsonObject = { ...before };
  for (const [key, value] of Object.entries(piece)) {
    if (key === 'name') both.name = both.name || value;
    else both[key] = joined(key, both[key], value);
  }
  return both;
}

function joinLogprobs(before: JsonObject | undefined, piece: JsonObject | undefined): JsonObject {
  const both: JsonObject = { ...before };
  for (const [key, value] of Object.entries(piece ?? {})) {
    both[key] = Array.isArray(value) ? [...asArray(both[key]), ...value] : (both[key] ?? value);
  }
  return both;
}
