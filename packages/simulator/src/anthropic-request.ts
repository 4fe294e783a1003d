import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import {
  contentText,
  countAttachments,
  invalidRequest,
  plainPrompt,
  readStops,
  requireMessages,
  requireModel,
} from './request-text.ts';
import { shownText } from './shown-text.ts';
import type { InputSegment, SimulatedRequest } from './simulated-request.ts';

const ATTACHMENTS: ReadonlySet<string> = new Set(['image', 'document']);
/** The API version from which sampling parameters, documents of the assistant's and citations of the user's are refused. */
const STRICTER_VERSION = '2026-10-21';

/**
 * Reads a body of `POST /v1/messages`. Refuses what the provider refuses: a missing `max_tokens`, empty text, tool results
 * and calls that don't pair.
 */
export function readAnthropicRequest(
  body: JsonObject,
  version: string | undefined,
  counting: boolean,
): SimulatedRequest {
  const model = requireModel(body);
  const messages = requireMessages(body, 'messages');
  if (messages.length === 0) throw invalidRequest('messages', 'messages: at least one message is required');
  const maxTokens = asNumber(body.max_tokens);
  if (maxTokens === undefined && !counting) throw invalidRequest('max_tokens', 'max_tokens: Field required');
  // Anthropic keeps conversations; its SDKs send the whole of them where a server says that it can't.
  if (asObject(body.thread)) throw invalidRequest('thread', 'thread: the simulator keeps no conversations.');
  if (version === STRICTER_VERSION) checkStricterVersion(body, messages);
  checkToolPairs(messages);
  const last = messages.at(-1) ?? {};
  const users = messages.filter((message) => message.role === 'user' && contentText(message.content) !== '');
  return {
    format: 'anthropic-messages',
    model,
    stream: body.stream === true,
    segments: readSegments(body, messages),
    attachments: messages.reduce((sum, message) => sum + countAttachments(message.content, ATTACHMENTS), 0),
    prompt: contentText(users.at(-1)?.content),
    prefill: last.role === 'assistant' ? contentText(last.content) : undefined,
    maxTokens,
    stop: readStops(body.stop_sequences),
    ...readTools(body),
    toolResults: asArray(last.content)
      .map((block) => asObject(block) ?? {})
      .filter((block) => block.type === 'tool_result')
      .map((block) => contentText(block.content)),
    output: readOutput(body),
    reasoning: readReasoning(body),
    implicitCache: false,
    body,
  };
}

function readSegments(body: JsonObject, messages: readonly JsonObject[]): readonly InputSegment[] {
  const segments: InputSegment[] = [];
  const add = (value: JsonObject, text: string) =>
    segments.push({ text: plainPrompt(text), cacheMark: value.cache_control !== undefined });
  // The provider reads tools first, then the system prompt, then the messages.
  for (const tool of asArray(body.tools)) add(asObject(tool) ?? {}, JSON.stringify(withoutCacheMark(asObject(tool))));
  if (typeof body.system === 'string') segments.push({ text: body.system });
  for (const block of asArray(body.system)) add(asObject(block) ?? {}, contentText([block]));
  for (const message of messages) {
    if (typeof message.content === 'string') segments.push({ text: plainPrompt(message.content) });
    for (const block of asArray(message.content)) {
      const object = asObject(block) ?? {};
      if (ATTACHMENTS.has(shownText(object.type))) add(object, '');
      else add(object, asString(object.text) ?? JSON.stringify(withoutCacheMark(object)));
    }
  }
  // The automatic mark of the whole request stands for the last block.
  const final = segments.at(-1);
  if (body.cache_control !== undefined && final) segments[segments.length - 1] = { ...final, cacheMark: true };
  return segments;
}

function withoutCacheMark(block: JsonObject | undefined): JsonObject {
  const { cache_control: _, ...rest } = block ?? {};
  return rest;
}

function readTools(body: JsonObject): Pick<SimulatedRequest, 'tools' | 'toolChoice' | 'parallelTools'> {
  const choice = asObject(body.tool_choice);
  const name = asString(choice?.name);
  const choices = { any: 'required', none: 'none' } as const;
  const type = asString(choice?.type);
  return {
    // Server tools have a dated type and no schema: the simulator does not run them.
    tools: asArray(body.tools)
      .map((tool) => asObject(tool) ?? {})
      .filter((tool) => asObject(tool.input_schema))
      .map((tool) => ({ name: shownText(tool.name), parameters: asObject(tool.input_schema) ?? {} })),
    toolChoice: type === 'tool' && name ? { name } : type === 'any' || type === 'none' ? choices[type] : 'auto',
    parallelTools: choice?.disable_parallel_tool_use !== true,
  };
}

function readOutput(body: JsonObject): SimulatedRequest['output'] {
  const format = asObject(asObject(body.output_config)?.format) ?? asObject(body.output_format);
  const schema = asObject(format?.schema);
  return format?.type === 'json_schema' && schema ? { schema } : 'text';
}

function readReasoning(body: JsonObject): SimulatedRequest['reasoning'] {
  const thinking = asObject(body.thinking);
  const type = asString(thinking?.type);
  if (type === undefined || type === 'disabled') return 'none';
  return thinking?.display === 'omitted' ? 'hidden' : 'visible';
}

function checkStricterVersion(body: JsonObject, messages: readonly JsonObject[]): void {
  for (const field of ['temperature', 'top_p', 'top_k'])
    if (body[field] !== undefined) throw invalidRequest(field, `${field}: Extra inputs are not permitted`);
  for (const [index, { role, content }] of messages.entries())
    for (const [place, value] of asArray(content).entries()) {
      const where = `messages.${index}.content.${place}`;
      const block = asObject(value) ?? {};
      if (role === 'assistant' && block.type === 'document')
        throw invalidRequest(where, `${where}: document blocks are not permitted in assistant turns`);
      if (role === 'user' && block.type === 'text' && asArray(block.citations).length > 0)
        throw invalidRequest(where, `${where}.citations: must be empty in user turns`);
    }
}

/** Calls must be answered in the next turn, and results must have a call. */
function checkToolPairs(messages: readonly JsonObject[]): void {
  let open: readonly string[] = [];
  for (const { where, role, blocks } of mergeTurns(messages)) {
    const results = blocks.filter((block) => block.type === 'tool_result').map((block) => shownText(block.tool_use_id));
    for (const id of results)
      if (!open.includes(id))
        throw invalidRequest(
          where,
          `${where}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
        );
    for (const id of open)
      if (!results.includes(id))
        throw invalidRequest(
          where,
          `${where}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${id}.`,
        );
    if (blocks.some((block) => block.type === 'text' && block.text === ''))
      throw invalidRequest(where, `${where}: text content blocks must be non-empty`);
    const calls = blocks.filter((block) => block.type === 'tool_use').map((block) => shownText(block.id));
    open = role === 'assistant' ? calls : [];
  }
}

interface Turn {
  readonly where: string;
  readonly role: string;
  readonly blocks: JsonObject[];
}

/** The server merges messages of one role that follow each other; instructions between turns are no turn. */
function mergeTurns(messages: readonly JsonObject[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const blocks = asArray(message.content).map((block) => asObject(block) ?? {});
    const role = shownText(message.role);
    const last = turns.at(-1);
    if (role === 'system') continue;
    if (last?.role === role) last.blocks.push(...blocks);
    else turns.push({ where: `messages.${index}`, role, blocks });
  }
  return turns;
}
