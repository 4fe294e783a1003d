import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import type { SimulatedFinish } from './behaviour.ts';
import { openaiTokenDetails, readOpenaiFormat } from './openai-common.ts';
import {
  callText,
  contentText,
  countAttachments,
  invalidRequest,
  plainPrompt,
  readStops,
  requireMessages,
  requireModel,
} from './request-text.ts';
import { shownText } from './shown-text.ts';
import type { Frame, SimulatedFormat, SimulatedReply } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';
import { countTokens, slices, textPieces } from './token-count.ts';

const ATTACHMENTS: ReadonlySet<string> = new Set(['image_url', 'input_audio', 'file']);

const FINISH_REASONS: Readonly<Record<SimulatedFinish, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-window': 'length',
  'tool-calls': 'tool_calls',
  refusal: 'stop',
  'content-filter': 'content_filter',
  pause: 'stop',
};

/** Reads a body of `POST /v1/chat/completions`. Refuses calls without results and results without calls. */
export function readOpenaiChat(body: JsonObject): SimulatedRequest {
  const messages = requireMessages(body, 'messages');
  if (messages.length === 0) throw invalidRequest('messages', "Invalid 'messages': empty array.");
  checkToolPairs(messages);
  const last = messages.at(-1) ?? {};
  const lastAssistant = messages.findLastIndex((message) => message.role === 'assistant');
  const tools = asArray(body.tools).map((tool) => asObject(asObject(tool)?.function) ?? {});
  return {
    format: 'openai-chat',
    model: requireModel(body),
    stream: body.stream === true,
    segments: [
      ...tools.map((tool) => ({ text: JSON.stringify(tool) })),
      ...messages.map((message) => ({
        text: plainPrompt(contentText(message.content)) + callText(message),
      })),
    ],
    attachments: messages.reduce((sum, message) => sum + countAttachments(message.content, ATTACHMENTS), 0),
    prompt: contentText(messages.findLast((message) => message.role === 'user')?.content),
    prefill: last.role === 'assistant' ? contentText(last.content) : undefined,
    maxTokens: asNumber(body.max_completion_tokens) ?? asNumber(body.max_tokens),
    stop: readStops(body.stop),
    tools: tools
      .filter((tool) => asString(tool.name))
      .map((tool) => ({ name: String(tool.name), parameters: asObject(tool.parameters) ?? {} })),
    toolChoice: readToolChoice(body),
    parallelTools: body.parallel_tool_calls !== false,
    toolResults: messages
      .slice(lastAssistant + 1)
      .filter((message) => message.role === 'tool')
      .map((message) => contentText(message.content)),
    output: readOpenaiFormat(asObject(body.response_format), asObject(body.response_format)?.json_schema),
    reasoning: reasons(body) ? 'hidden' : 'none',
    implicitCache: true,
    body,
  };
}

/** OpenAI Chat Completions. */
export const openaiChat: SimulatedFormat = {
  writeJson(reply, request) {
    const random = reply.createRandom();
    const id = `chatcmpl-${random.letters(29)}`;
    const calls = reply.toolCalls.map((call) => ({
      id: `call_${random.letters(24)}`,
      type: 'function',
      function: { name: call.name, arguments: JSON.stringify(call.arguments) },
    }));
    const refused = reply.finish === 'refusal';
    return {
      id,
      object: 'chat.completion',
      created: seconds(reply),
      model: reply.model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: refused || (calls.length > 0 && reply.text === '') ? null : reply.text,
            tool_calls: calls.length > 0 ? calls : undefined,
            refusal: refused ? reply.text : null,
            annotations: [],
            ...reasoningField(reply, reply.reasoning),
          },
          logprobs: null,
          finish_reason: finishReason(reply, request),
        },
      ],
      usage: usageOf(reply),
      service_tier: 'default',
      system_fingerprint: `fp_${random.hexadecimal(10)}`,
    };
  },
  *writeStream(reply, request) {
    const random = reply.createRandom();
    const id = `chatcmpl-${random.letters(29)}`;
    const includeUsage = asObject(request.body.stream_options)?.include_usage === true;
    const fingerprint = `fp_${random.hexadecimal(10)}`;
    const chunk = (choices: JsonObject[], usage: JsonObject | null | undefined): JsonObject => ({
      id,
      object: 'chat.completion.chunk',
      created: seconds(reply),
      model: reply.model,
      service_tier: 'default',
      system_fingerprint: fingerprint,
      choices,
      ...(includeUsage && usage !== undefined ? { usage } : {}),
      obfuscation: random.letters(random.integer(1, 15)),
    });
    const delta = (kind: Frame['kind'], value: JsonObject, tokens?: number): Frame => ({
      kind,
      data: chunk([{ index: 0, delta: value, finish_reason: null }], null),
      tokens,
    });
    yield* deltas(reply, delta, () => `call_${random.letters(24)}`);
    const reason = finishReason(reply, request);
    if (reason !== null) yield { kind: 'finish', data: chunk([{ index: 0, delta: {}, finish_reason: reason }], null) };
    const usage = usageOf(reply);
    if (includeUsage && usage) yield { kind: 'usage', data: chunk([], usage) };
    yield { kind: 'done', data: '[DONE]' };
  },
  *writeStreamError(error) {
    yield { kind: 'done', data: error };
  },
};

type WriteDelta = (kind: Frame['kind'], value: JsonObject, tokens?: number) => Frame;

function* deltas(reply: SimulatedReply, delta: WriteDelta, createCallId: () => string): Iterable<Frame> {
  const starts = reply.toolCalls.map((call, index) => ({
    index,
    id: createCallId(),
    type: 'function',
    function: { name: call.name, arguments: '' },
  }));
  const silent = starts.length > 0 && reply.text === '';
  // A single call begins in the chunk that brings the role; several begin in chunks of their own.
  const single = silent && starts.length === 1 ? starts : undefined;
  yield delta('open', { role: 'assistant', content: silent ? null : '', tool_calls: single, refusal: null });
  for (const piece of reply.reasoningField ? textPieces(reply.reasoning ?? '') : [])
    yield delta('content', reasoningField(reply, piece), countTokens(piece));
  const field = reply.finish === 'refusal' ? 'refusal' : 'content';
  for (const piece of textPieces(reply.text)) yield delta('content', { [field]: piece }, countTokens(piece));
  for (const [index, call] of reply.toolCalls.entries()) {
    if (!single) yield delta('open', { tool_calls: starts.slice(index, index + 1) });
    for (const piece of slices(JSON.stringify(call.arguments), 12))
      yield delta('content', { tool_calls: [{ index, function: { arguments: piece } }] }, countTokens(piece));
  }
}

function reasoningField(reply: SimulatedReply, text: string | undefined): JsonObject {
  return reply.reasoningField && text !== undefined ? { [reply.reasoningField]: text } : {};
}

/** A call of a tool that was forced by name ends in `stop`: so do OpenAI's own answers. */
function finishReason(reply: SimulatedReply, request: SimulatedRequest): string | null {
  if (reply.finish === undefined) return null;
  if (reply.finish === 'tool-calls' && typeof request.toolChoice === 'object') return 'stop';
  return FINISH_REASONS[reply.finish];
}

function usageOf(reply: SimulatedReply): JsonObject | undefined {
  const { usage } = reply;
  if (!usage) return undefined;
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { ...openaiTokenDetails(usage), audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function seconds(reply: SimulatedReply): number {
  return Math.floor(reply.createdAt / 1000);
}

function readToolChoice(body: JsonObject): SimulatedRequest['toolChoice'] {
  const choice = body.tool_choice;
  if (choice === 'none') return choice;
  if (choice === 'required' || choice === 'any') return 'required';
  const name = asString(asObject(asObject(choice)?.function)?.name);
  return name ? { name } : 'auto';
}

/** OpenAI's own `reasoning_effort`, and the two spellings that compatible vendors read. */
function reasons(body: JsonObject): boolean {
  const effort = asString(body.reasoning_effort);
  if (effort !== undefined) return effort !== 'none';
  return asObject(body.reasoning) !== undefined || asObject(body.thinking)?.type === 'enabled';
}

function checkToolPairs(messages: readonly JsonObject[]): void {
  let open: string[] = [];
  const requireAnswered = () => {
    if (open.length > 0)
      throw invalidRequest(
        'messages',
        `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`,
      );
  };
  messages.forEach((message, index) => {
    if (message.role !== 'tool') {
      requireAnswered();
      open = asArray(message.tool_calls).map((call) => shownText(asObject(call)?.id));
      return;
    }
    const id = shownText(message.tool_call_id);
    if (!open.includes(id))
      throw invalidRequest(
        `messages[${index}].role`,
        "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
      );
    open = open.filter((one) => one !== id);
  });
  requireAnswered();
}
