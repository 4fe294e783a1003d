import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import { callText, plainPrompt, readStops, requireMessages, requireModel } from './request-text.ts';
import type { Frame, SimulatedFormat, SimulatedReply } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';
import { countTokens, textPieces } from './token-count.ts';

/** Reads a body of `POST /api/chat`. Streaming is the default. */
export function readOllamaChat(body: JsonObject): SimulatedRequest {
  const messages = body.messages === undefined ? [] : requireMessages(body, 'messages');
  const tools = asArray(body.tools).map((tool) => asObject(asObject(tool)?.function) ?? {});
  const lastAssistant = messages.findLastIndex((message) => message.role === 'assistant');
  const last = messages.at(-1);
  const text = (message: JsonObject | undefined) => asString(message?.content) ?? '';
  return {
    ...common(body),
    format: 'ollama-chat',
    segments: [
      ...tools.map((tool) => ({ text: JSON.stringify(tool) })),
      ...messages.map((message) => ({
        text: plainPrompt(text(message)) + callText(message),
      })),
    ],
    attachments: messages.reduce((sum, message) => sum + asArray(message.images).length, 0),
    prompt: text(messages.findLast((message) => message.role === 'user')),
    prefill: last?.role === 'assistant' ? text(last) : undefined,
    tools: tools
      .filter((tool) => asString(tool.name))
      .map((tool) => ({ name: String(tool.name), parameters: asObject(tool.parameters) ?? {} })),
    toolResults: messages
      .slice(lastAssistant + 1)
      .filter((message) => message.role === 'tool')
      .map(text),
  };
}

/** Reads a body of `POST /api/generate`. */
export function readOllamaGenerate(body: JsonObject): SimulatedRequest {
  const prompt = asString(body.prompt) ?? '';
  return {
    ...common(body),
    format: 'ollama-generate',
    segments: [{ text: asString(body.system) ?? '' }, { text: plainPrompt(prompt) }],
    attachments: asArray(body.images).length,
    prompt,
    tools: [],
    toolResults: [],
  };
}

/** Ollama `/api/chat`. */
export const ollamaChat: SimulatedFormat = ollamaFormat(
  (content) => ({ message: { role: 'assistant', ...content } }),
  (request) => asArray(request.body.messages).length === 0,
);

/** Ollama `/api/generate`. */
export const ollamaGenerate: SimulatedFormat = ollamaFormat(
  ({ content, thinking }) => ({ response: content, thinking }),
  (request) => !asString(request.body.prompt),
);

/** What a line holds: text, thoughts, calls. */
interface Content extends JsonObject {
  content: string;
  thinking?: string;
  tool_calls?: JsonObject[];
}

/** The two endpoints differ in where the content stands. `isLoad`: an empty request only loads the model. */
function ollamaFormat(
  place: (content: Content) => JsonObject,
  isLoad: (request: SimulatedRequest) => boolean,
): SimulatedFormat {
  return {
    writeJson(reply, request) {
      if (isLoad(request)) return loadLine(reply, request, place);
      const content: Content = { content: reply.text };
      if (reply.reasoning !== undefined) content.thinking = reply.reasoning;
      if (reply.toolCalls.length > 0) content.tool_calls = calls(reply);
      return { ...head(reply), ...place(content), ...ending(reply, request) };
    },
    *writeStream(reply, request) {
      if (isLoad(request)) {
        yield { kind: 'finish', data: loadLine(reply, request, place) };
        return;
      }
      const line = (content: Content, tokens: number): Frame => ({
        kind: 'content',
        data: { ...head(reply), ...place(content), done: false },
        tokens,
      });
      for (const piece of textPieces(reply.reasoning ?? ''))
        yield line({ content: '', thinking: piece }, countTokens(piece));
      for (const piece of textPieces(reply.text)) yield line({ content: piece }, countTokens(piece));
      if (reply.toolCalls.length > 0) yield line({ content: '', tool_calls: calls(reply) }, 10);
      if (reply.finish !== undefined)
        yield { kind: 'finish', data: { ...head(reply), ...place({ content: '' }), ...ending(reply, request) } };
    },
    *writeStreamError(error) {
      yield { kind: 'done', data: error };
    },
  };
}

function head(reply: SimulatedReply): JsonObject {
  return { model: reply.model, created_at: new Date(reply.createdAt).toISOString() };
}

function loadLine(
  reply: SimulatedReply,
  request: SimulatedRequest,
  place: (content: Content) => JsonObject,
): JsonObject {
  const unload = request.body.keep_alive === 0;
  return { ...head(reply), ...place({ content: '' }), done_reason: unload ? 'unload' : 'load', done: true };
}

function calls(reply: SimulatedReply): JsonObject[] {
  const random = reply.createRandom();
  return reply.toolCalls.map((call, index) => ({
    id: `call_${random.letters(8).toLowerCase()}`,
    function: { index, name: call.name, arguments: call.arguments },
  }));
}

/** Ollama says `stop` also after a call. Durations are nanoseconds. */
function ending(reply: SimulatedReply, request: SimulatedRequest): JsonObject {
  const cut = reply.finish === 'length' || reply.finish === 'context-window';
  const { usage } = reply;
  const load = 20_000_000;
  const reading = (usage?.inputTokens ?? 0) * 1_000_000;
  const writing = (usage?.outputTokens ?? 0) * 8_000_000;
  return {
    done_reason: reply.finish === undefined ? undefined : cut ? 'length' : 'stop',
    done: reply.finish !== undefined,
    context: usage && request.format === 'ollama-generate' ? [1, 2, 3] : undefined,
    ...(usage && {
      total_duration: load + reading + writing,
      load_duration: load,
      prompt_eval_count: usage.inputTokens,
      prompt_eval_duration: reading,
      eval_count: usage.outputTokens,
      eval_duration: writing,
    }),
  };
}

function common(body: JsonObject) {
  const options = asObject(body.options);
  const limit = asNumber(options?.num_predict);
  const schema = asObject(body.format);
  const think = body.think;
  return {
    model: requireModel(body),
    stream: body.stream !== false,
    maxTokens: limit !== undefined && limit >= 0 ? limit : undefined,
    stop: readStops(options?.stop),
    toolChoice: 'auto',
    parallelTools: true,
    output: schema ? { schema } : body.format === 'json' ? 'json' : 'text',
    reasoning: think !== undefined && think !== false && think !== null && think !== 'none' ? 'visible' : 'none',
    implicitCache: false,
    body,
  } as const;
}
