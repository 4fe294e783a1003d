import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import { readOpenaiFormat } from './openai-common.ts';
import {
  contentText,
  countAttachments,
  invalidRequest,
  plainPrompt,
  requireMessages,
  requireModel,
} from './request-text.ts';
import type { SimulatedRequest } from './simulated-request.ts';

const ATTACHMENTS: ReadonlySet<string> = new Set(['input_image', 'input_file', 'input_audio']);

/** Reads a body of `POST /v1/responses`. `input` is a string or a list of items. */
export function readOpenaiResponses(body: JsonObject): SimulatedRequest {
  const items: readonly JsonObject[] =
    typeof body.input === 'string'
      ? [{ type: 'message', role: 'user', content: body.input }]
      : requireMessages(body, 'input');
  checkToolPairs(items, body);
  const messages = items.filter((item) => item.type === undefined || item.type === 'message');
  const lastAnswer = items.findLastIndex((item) => item.role === 'assistant' || item.type === 'function_call');
  const tools = asArray(body.tools).map((tool) => asObject(tool) ?? {});
  const reasoning = asObject(body.reasoning);
  const effort = asString(reasoning?.effort);
  return {
    format: 'openai-responses',
    model: requireModel(body),
    stream: body.stream === true,
    segments: [
      ...tools.map((tool) => ({ text: JSON.stringify(tool) })),
      { text: asString(body.instructions) ?? '' },
      ...items.map((item) => ({ text: itemText(item) })),
    ],
    attachments: messages.reduce((sum, message) => sum + countAttachments(message.content, ATTACHMENTS), 0),
    prompt: contentText(messages.findLast((message) => message.role === 'user')?.content),
    prefill: items.at(-1)?.role === 'assistant' ? contentText(items.at(-1)?.content) : undefined,
    maxTokens: asNumber(body.max_output_tokens),
    stop: [],
    tools: tools
      .filter((tool) => tool.type === 'function')
      .map((tool) => ({ name: String(tool.name), parameters: asObject(tool.parameters) ?? {} })),
    toolChoice: readToolChoice(body),
    parallelTools: body.parallel_tool_calls !== false,
    toolResults: items
      .slice(lastAnswer + 1)
      .filter((item) => item.type === 'function_call_output')
      .map((item) => contentText(item.output)),
    output: readOpenaiFormat(asObject(asObject(body.text)?.format), asObject(body.text)?.format),
    reasoning: effort === 'none' || !reasoning ? 'none' : asString(reasoning.summary) ? 'visible' : 'hidden',
    implicitCache: true,
    body,
  };
}

function itemText(item: JsonObject): string {
  if (item.content !== undefined && item.type !== 'reasoning') return plainPrompt(contentText(item.content));
  if (item.type === 'function_call_output') return contentText(item.output);
  return `${asString(item.name) ?? ''}${asString(item.arguments) ?? ''}`;
}

function readToolChoice(body: JsonObject): SimulatedRequest['toolChoice'] {
  const choice = body.tool_choice;
  if (choice === 'none' || choice === 'required') return choice;
  const name = asString(asObject(choice)?.name);
  return name ? { name } : 'auto';
}

function checkToolPairs(items: readonly JsonObject[], body: JsonObject): void {
  const idsOf = (type: string) => items.filter((item) => item.type === type).map((item) => String(item.call_id));
  const calls = new Set(idsOf('function_call'));
  const outputs = new Set(idsOf('function_call_output'));
  // A function's output may also answer a search or another call that the client runs.
  const called = new Set(items.filter((item) => /_call$/.test(String(item.type))).map((item) => String(item.call_id)));
  // With stored state the call may stand in the earlier response.
  const stored = body.previous_response_id != null || body.conversation != null;
  for (const id of outputs)
    if (!called.has(id) && !stored)
      throw invalidRequest('input', `No tool call found for function call output with call_id ${id}.`);
  for (const id of calls)
    if (!outputs.has(id)) throw invalidRequest('input', `No tool output found for function call ${id}.`);
}
