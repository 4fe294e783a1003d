import {
  asArray,
  asNumber,
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Message,
  type ModelRequest,
  type Part,
  type Sampling,
  type TextPart,
  type WireHeaders,
} from '@signalbox/core';
import {
  type ApiVersion,
  callersHeaders,
  DEFAULT_VERSION,
  rulesOf,
  type VersionRules,
  versionFrom,
} from './api-version.ts';
import { decodeBlock, decodeText } from './decode-block.ts';
import { decodeOutputConfig, decodeThinking } from './decode-reasoning.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { asExtensions, leftovers, withCallersForm } from './extensions.ts';
import { withForm } from './request-form.ts';
import { serverState } from './server-state.ts';
import { invalid, validateBlock } from './validate.ts';

const REQUEST = new Set([
  'model',
  'max_tokens',
  'system',
  'messages',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'metadata',
  'service_tier',
  'stream',
]);
const MESSAGE = new Set(['role', 'content']);
const METADATA = new Set(['user_id']);
const NEWEST: ApiVersion = '2026-10-21';

type Draft = { -readonly [Key in keyof ModelRequest]: ModelRequest[Key] };

/**
 * A body of `POST /messages` (or `/messages/count_tokens`, which has no `max_tokens`) as a canonical request. Fields and
 * blocks of unknown kind are kept. The caller's headers tell the API version, which decides what is refused. Throws RouterError `invalid-request` that names the field.
 */
export function decodeRequest(value: unknown, headers?: WireHeaders): ModelRequest {
  if (!isJsonObject(value)) throw invalid(undefined, 'The request body must be a JSON object.');
  const body = value;
  if (!Array.isArray(body.messages)) throw invalid('messages', 'must be a list of messages');
  const request: Draft = {
    system: decodeSystem(body.system),
    messages: body.messages.map((message, index) => decodeMessage(message, `messages.${index}`)),
  };
  const extensions: JsonObject = { ...leftovers(body, REQUEST) };
  const model = optional(body, 'model', 'string', asString);
  if (model !== undefined) request.model = model;
  const maxTokens = optional(body, 'max_tokens', 'number', asNumber);
  if (maxTokens !== undefined) request.maxOutputTokens = maxTokens;
  const stream = optional(body, 'stream', 'boolean', (flag) => (typeof flag === 'boolean' ? flag : undefined));
  if (stream !== undefined) request.stream = stream;
  decodeTools(body, request);
  decodeToolChoice(body, request);
  decodeThinking(body, request, extensions);
  decodeOutputConfig(body, request, extensions);
  const sampling = decodeSampling(body);
  if (sampling !== undefined) request.sampling = sampling;
  if (body.stop_sequences !== undefined && body.stop_sequences !== null) {
    request.stopSequences = decodeStopSequences(body.stop_sequences);
  }
  const tier = optional(body, 'service_tier', 'string', asString);
  if (tier !== undefined) request.serviceTier = tier;
  decodeMetadata(body.metadata, request, extensions);
  const callers = callersHeaders(headers);
  refuseWhatVersionRefuses(body, rulesOf(versionFrom(callers.version) ?? DEFAULT_VERSION));
  const own = Object.keys(extensions).length === 0 ? {} : asExtensions(extensions);
  const formed = withForm({ ...request, ...own, ...serverState(body) });
  return { ...formed, ...withCallersForm(formed.extensions, callers) };
}

function decodeSystem(value: JsonValue | undefined): TextPart[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw invalid('system', 'must be a string or a list of text blocks');
  return value.map((block, index) => {
    const path = `system.${index}`;
    if (!isJsonObject(block) || typeof block.type !== 'string') throw invalid(path, 'must be a block with a "type"');
    if (block.type !== 'text') return { type: 'text', text: '', ...asExtensions(block) };
    if (typeof block.text !== 'string') throw invalid(`${path}.text`, 'must be a string');
    return decodeText(block, block.text);
  });
}

function decodeMessage(value: JsonValue, path: string): Message {
  if (!isJsonObject(value)) throw invalid(path, 'must be an object with "role" and "content"');
  const { role } = value;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw invalid(`${path}.role`, 'must be "user", "assistant" or "system"');
  }
  return {
    role,
    parts: decodeContent(value.content, `${path}.content`),
    ...asExtensions(leftovers(value, MESSAGE)),
  };
}

function decodeContent(value: JsonValue | undefined, path: string): Part[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw invalid(path, 'must be a string or a list of blocks');
  return value.map((block, index) => withSummary(decodeBlock(validateBlock(block, `${path}.${index}`))));
}

/** What Anthropic wrote in the place of all turns before: other formats have it as text. */
function withSummary(part: Part): Part {
  if (part.type !== 'opaque' || part.value.type !== 'compaction') return part;
  const summary = asString(part.value.content);
  if (summary === undefined || summary === '') return part;
  return { ...part, otherwise: { type: 'text', text: `[Summary of the conversation so far:]\n\n${summary}` } };
}

function decodeSampling(body: JsonObject): Sampling | undefined {
  const temperature = optional(body, 'temperature', 'number', asNumber);
  const topP = optional(body, 'top_p', 'number', asNumber);
  const topK = optional(body, 'top_k', 'number', asNumber);
  if (temperature === undefined && topP === undefined && topK === undefined) return undefined;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
  };
}

function decodeStopSequences(value: JsonValue): string[] {
  if (!Array.isArray(value)) throw invalid('stop_sequences', 'must be a list of strings');
  return value.map((sequence, index) => {
    if (typeof sequence !== 'string') throw invalid(`stop_sequences.${index}`, 'must be a string');
    return sequence;
  });
}

function decodeMetadata(value: JsonValue | undefined, request: Draft, extensions: JsonObject): void {
  if (value === undefined || value === null) return;
  const metadata = asObject(value);
  if (metadata === undefined) throw invalid('metadata', 'must be an object');
  const userId = asString(metadata.user_id);
  if (userId !== undefined) request.userId = userId;
  const rest = leftovers(metadata, METADATA);
  if (rest !== undefined) extensions.metadata = rest;
}

/** A field of a type, `undefined` where it is absent or null; anything else is the caller's mistake. */
function optional<Value>(
  body: JsonObject,
  key: string,
  type: string,
  read: (value: unknown) => Value | undefined,
): Value | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  const found = read(value);
  if (found === undefined) throw invalid(key, `must be a ${type}`);
  return found;
}

/** What a later API version no longer takes: the caller gets the same 400 here as from Anthropic, whoever would answer. */
function refuseWhatVersionRefuses(body: JsonObject, rules: VersionRules): void {
  if (!rules.sampling) {
    const field = ['temperature', 'top_p', 'top_k'].find((key) => body[key] !== undefined);
    if (field !== undefined) throw invalid(field, `is not taken from API version ${NEWEST} on`);
  }
  for (const [index, message] of asArray(body.messages).entries()) {
    const { role, content } = asObject(message) ?? {};
    for (const [place, block] of asArray(content).entries()) {
      const path = `messages.${index}.content.${place}`;
      const { type, citations } = asObject(block) ?? {};
      if (role === 'assistant' && type === 'document' && !rules.assistantDocuments) {
        throw invalid(path, `is a document in a turn of the assistant, not taken from API version ${NEWEST} on`);
      }
      if (role === 'user' && type === 'text' && asArray(citations).length > 0 && !rules.userCitations) {
        throw invalid(`${path}.citations`, `must be empty in a turn of the user from API version ${NEWEST} on`);
      }
    }
  }
}
