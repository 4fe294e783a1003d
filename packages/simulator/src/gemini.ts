import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import type { SimulatedFinish } from './behaviour.ts';
import { createRandom } from './random.ts';
import { contentText, invalidRequest, plainPrompt, readStops, requireMessages } from './request-text.ts';
import type { Frame, SimulatedFormat, SimulatedReply } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';
import { countTokens, textPieces } from './token-count.ts';

/** Models that always think, give their calls an id and want each step's signature back. */
const SIGNING_MODEL = /gemini-([3-9]|\d\d)/;

const FINISH_REASONS: Readonly<Record<SimulatedFinish, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'context-window': 'MAX_TOKENS',
  'tool-calls': 'STOP',
  refusal: 'PROHIBITED_CONTENT',
  'content-filter': 'SAFETY',
  pause: 'OTHER',
};

/** Reads a body of `generateContent`; model and streaming stand in the path. REST takes camelCase and snake_case. */
export function readGemini(body: JsonObject, model: string, stream: boolean): SimulatedRequest {
  const contents = requireMessages(body, 'contents');
  if (contents.length === 0)
    throw invalidRequest('contents', '* GenerateContentRequest.contents: contents is not specified');
  checkSignatures(contents, model);
  const either = (holder: JsonObject | undefined, camel: string, snake: string) => holder?.[camel] ?? holder?.[snake];
  const config = asObject(either(body, 'generationConfig', 'generation_config'));
  const thinking = asObject(either(config, 'thinkingConfig', 'thinking_config'));
  const system = asObject(either(body, 'systemInstruction', 'system_instruction'));
  const parts = contents.flatMap((content) => partsOf(content));
  const last = contents.at(-1);
  const isModel = (content: JsonObject | undefined) => content?.role === 'model';
  const lastUser = contents.findLast((content) => !isModel(content) && contentText(content.parts) !== '');
  const schema =
    asObject(either(config, 'responseJsonSchema', 'response_json_schema')) ??
    asObject(either(config, 'responseSchema', 'response_schema'));
  const json = either(config, 'responseMimeType', 'response_mime_type') === 'application/json';
  const tools = asArray(body.tools).flatMap((tool) => [
    ...asArray(either(asObject(tool), 'functionDeclarations', 'function_declarations')),
  ]);
  return {
    format: 'gemini',
    model,
    stream,
    segments: [
      ...tools.map((tool) => ({ text: JSON.stringify(tool) })),
      { text: contentText(system?.parts) },
      ...contents.map((content) => ({ text: plainPrompt(contentText(content.parts)) + functionText(content) })),
    ],
    attachments: parts.filter((part) => part.inlineData ?? part.inline_data ?? part.fileData ?? part.file_data).length,
    prompt: contentText(lastUser?.parts),
    prefill: isModel(last) ? contentText(last?.parts) : undefined,
    maxTokens: asNumber(either(config, 'maxOutputTokens', 'max_output_tokens')),
    stop: readStops(either(config, 'stopSequences', 'stop_sequences')),
    tools: tools
      .map((tool) => asObject(tool) ?? {})
      .map((tool) => ({
        name: String(tool.name),
        parameters:
          asObject(either(tool, 'parametersJsonSchema', 'parameters_json_schema')) ?? asObject(tool.parameters) ?? {},
      })),
    toolChoice: readToolChoice(body),
    parallelTools: true,
    toolResults: partsOf(last)
      .map((part) => asObject(part.functionResponse ?? part.function_response))
      .filter((response) => response !== undefined)
      .map((response) => JSON.stringify(response.response ?? {})),
    output: schema && json ? { schema } : json ? 'json' : 'text',
    reasoning: readReasoning(thinking, model),
    implicitCache: true,
    body,
  };
}

/** Gemini `generateContent`. */
export const gemini: SimulatedFormat = {
  writeJson(reply, request) {
    const random = reply.createRandom();
    const responseId = random.letters(23);
    const signature = reply.reasoning === undefined ? undefined : random.base64(120);
    const parts = [...thoughtParts(reply, request), ...(reply.text === '' ? [] : [{ text: reply.text }])];
    const calls = callParts(reply, signature);
    const signed = calls.length === 0 && signature ? [{ text: '', thoughtSignature: signature }] : [];
    const outputTokens = reply.usage?.outputTokens ?? 0;
    return chunk(reply, responseId, { parts: [...parts, ...calls, ...signed], outputTokens, ended: true });
  },
  *writeStream(reply, request) {
    const random = reply.createRandom();
    const responseId = random.letters(23);
    const signature = reply.reasoning === undefined ? undefined : random.base64(120);
    const outputTokens = reply.usage?.outputTokens ?? 0;
    let written = reply.reasoning === undefined ? 0 : (reply.usage?.reasoningTokens ?? 0);
    const content = (part: JsonObject, tokens: number): Frame => ({
      kind: 'content',
      data: chunk(reply, responseId, { parts: [part], outputTokens: Math.min(written, outputTokens) }),
      tokens,
    });
    for (const part of thoughtParts(reply, request)) yield content(part, countTokens(part.text));
    for (const piece of textPieces(reply.text)) {
      written += countTokens(piece);
      yield content({ text: piece }, countTokens(piece));
    }
    const calls = callParts(reply, signature);
    if (calls.length > 0) {
      const data = chunk(reply, responseId, { parts: calls, outputTokens });
      yield { kind: 'content', data, tokens: countTokens(JSON.stringify(calls)) };
    }
    const last: JsonObject = { text: '', thoughtSignature: calls.length === 0 ? signature : undefined };
    yield { kind: 'finish', data: chunk(reply, responseId, { parts: [last], outputTokens, ended: true }) };
  },
  *writeStreamError(error) {
    yield { kind: 'done', data: error };
  },
};

function thoughtParts(reply: SimulatedReply, request: SimulatedRequest): { text: string; thought: true }[] {
  return request.reasoning === 'visible' && reply.reasoning ? [{ text: reply.reasoning, thought: true }] : [];
}

/** Calls arrive whole; only the first of a step is signed. */
function callParts(reply: SimulatedReply, signature: string | undefined): JsonObject[] {
  const random = createRandom(`calls ${signature}`);
  return reply.toolCalls.map((call, index) => ({
    functionCall: {
      id: SIGNING_MODEL.test(reply.model) ? random.letters(8).toLowerCase() : undefined,
      name: call.name,
      args: call.arguments,
    },
    thoughtSignature: index === 0 ? signature : undefined,
  }));
}

interface ChunkContent {
  readonly parts: JsonObject[];
  /** So far, thoughts among them. */
  readonly outputTokens: number;
  /** Whether the answer ends with it. */
  readonly ended?: boolean;
}

/** One whole response. Candidates don't include thoughts, the total does. */
function chunk(
  reply: SimulatedReply,
  responseId: string,
  { parts, outputTokens, ended = false }: ChunkContent,
): JsonObject {
  const { usage } = reply;
  const thoughts = Math.min(usage?.reasoningTokens ?? 0, outputTokens);
  const calls = reply.toolCalls.length > 0;
  return {
    candidates: [
      {
        content: { parts, role: 'model' },
        ...(ended && reply.finish !== undefined
          ? {
              finishReason: FINISH_REASONS[reply.finish],
              finishMessage: reply.finish === 'tool-calls' && calls ? 'Model generated function call(s).' : undefined,
            }
          : {}),
        index: 0,
      },
    ],
    usageMetadata: usage && {
      promptTokenCount: usage.inputTokens,
      candidatesTokenCount: outputTokens - thoughts > 0 ? outputTokens - thoughts : undefined,
      totalTokenCount: usage.inputTokens + outputTokens,
      cachedContentTokenCount: usage.cacheRead > 0 ? usage.cacheRead : undefined,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.inputTokens }],
      thoughtsTokenCount: thoughts > 0 ? thoughts : undefined,
      serviceTier: 'standard',
    },
    modelVersion: reply.model,
    responseId,
  };
}

function partsOf(content: JsonObject | undefined): readonly JsonObject[] {
  return asArray(content?.parts).map((part) => asObject(part) ?? {});
}

function functionText(content: JsonObject): string {
  const calls = partsOf(content).map((part) => part.functionCall ?? part.functionResponse);
  return calls.map((call) => (call === undefined ? '' : JSON.stringify(call))).join('');
}

function readToolChoice(body: JsonObject): SimulatedRequest['toolChoice'] {
  const config = asObject(body.toolConfig ?? body.tool_config);
  const calling = asObject(config?.functionCallingConfig ?? config?.function_calling_config);
  const mode = asString(calling?.mode)?.toUpperCase();
  if (mode === 'NONE') return 'none';
  if (mode !== 'ANY') return 'auto';
  const allowed = asArray(calling?.allowedFunctionNames ?? calling?.allowed_function_names);
  return allowed.length === 1 ? { name: String(allowed[0]) } : 'required';
}

function readReasoning(thinking: JsonObject | undefined, model: string): SimulatedRequest['reasoning'] {
  if ((thinking?.includeThoughts ?? thinking?.include_thoughts) === true) return 'visible';
  if (SIGNING_MODEL.test(model)) return 'hidden';
  return !thinking || (thinking.thinkingBudget ?? thinking.thinking_budget) === 0 ? 'none' : 'hidden';
}

/** From Gemini 3 on the first function call of each step must come back with its signature. */
function checkSignatures(contents: readonly JsonObject[], model: string): void {
  if (!SIGNING_MODEL.test(model)) return;
  contents.forEach((content, index) => {
    const first = partsOf(content).find((part) => part.functionCall !== undefined);
    if (first && (first.thoughtSignature ?? first.thought_signature) === undefined)
      throw invalidRequest(
        'contents',
        `Function call is missing a thought_signature in functionCall parts. Additional data, function call in position ${index + 1}.`,
      );
  });
}
