import { asArray, asObject, type JsonObject } from '@signalbox/core';
import { openaiTokenDetails } from './openai-common.ts';
import type { SeededRandom } from './random.ts';
import type { Frame, SimulatedFormat, SimulatedReply } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';
import { countTokens, slices, textPieces } from './token-count.ts';

const INCOMPLETE: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  'context-window': 'max_output_tokens',
  'content-filter': 'content_filter',
};

/** OpenAI Responses. */
export const openaiResponses: SimulatedFormat = {
  writeJson(reply, request) {
    const random = reply.createRandom();
    const id = `resp_${random.hexadecimal(50)}`;
    return snapshot(id, reply, request, outputItems(reply, request, random));
  },
  *writeStream(reply, request) {
    const random = reply.createRandom();
    const id = `resp_${random.hexadecimal(50)}`;
    const items = outputItems(reply, request, random);
    let sequence = 0;
    const numbered = (kind: Frame['kind'], type: string, data: JsonObject, tokens?: number): Frame => {
      const frame = { kind, event: type, data: { type, ...data, sequence_number: sequence }, tokens };
      sequence += 1;
      return frame;
    };
    yield numbered('open', 'response.created', { response: snapshot(id, reply, request) });
    yield numbered('open', 'response.in_progress', { response: snapshot(id, reply, request) });
    for (const [index, item] of items.entries()) yield* itemFrames(item, index, numbered, random);
    if (reply.finish === undefined) return;
    const final = snapshot(id, reply, request, items);
    yield numbered('finish', `response.${String(final.status)}`, { response: final });
  },
  *writeStreamError(error, reply, request, sent) {
    const { message, type, code, param } = asObject(error.error) ?? {};
    const id = `resp_${reply.createRandom().hexadecimal(50)}`;
    yield {
      kind: 'open',
      event: 'error',
      data: { type: 'error', error: { type, code, message, param }, sequence_number: sent },
    };
    const failed = snapshot(id, reply, request);
    yield {
      kind: 'done',
      event: 'response.failed',
      data: {
        type: 'response.failed',
        response: { ...failed, status: 'failed', error: { code, message } },
        sequence_number: sent + 1,
      },
    };
  },
};

type Numbered = (kind: Frame['kind'], type: string, data: JsonObject, tokens?: number) => Frame;

function* itemFrames(item: JsonObject, index: number, numbered: Numbered, random: SeededRandom): Iterable<Frame> {
  const at = { item_id: item.id, output_index: index };
  const padding = () => random.letters(random.integer(1, 15));
  const added = (started: JsonObject) =>
    numbered('open', 'response.output_item.added', { item: started, output_index: index });
  switch (item.type) {
    case 'reasoning':
      yield added({ ...item, summary: [] });
      for (const [summaryIndex, part] of asArray(item.summary).entries())
        yield* summaryFrames(String(asObject(part)?.text), { ...at, summary_index: summaryIndex }, numbered, padding);
      break;
    case 'function_call': {
      const written = String(item.arguments);
      yield added({ ...item, status: 'in_progress', arguments: '' });
      for (const piece of slices(written, 12))
        yield numbered(
          'content',
          'response.function_call_arguments.delta',
          { ...at, delta: piece, obfuscation: padding() },
          countTokens(piece),
        );
      yield numbered('open', 'response.function_call_arguments.done', { ...at, arguments: written });
      break;
    }
    default:
      yield added({ ...item, status: 'in_progress', content: [] });
      yield* partFrames(asObject(asArray(item.content)[0]) ?? {}, { ...at, content_index: 0 }, numbered, padding);
  }
  yield numbered('open', 'response.output_item.done', { item, output_index: index });
}

function* partFrames(part: JsonObject, at: JsonObject, numbered: Numbered, padding: () => string): Iterable<Frame> {
  const refusal = part.type === 'refusal';
  const field = refusal ? 'refusal' : 'text';
  const event = refusal ? 'response.refusal' : 'response.output_text';
  const logprobs = refusal ? {} : { logprobs: [] };
  const text = String(part[field]);
  yield numbered('open', 'response.content_part.added', { ...at, part: { ...part, [field]: '' } });
  for (const piece of textPieces(text))
    yield numbered(
      'content',
      `${event}.delta`,
      { ...at, delta: piece, ...logprobs, obfuscation: padding() },
      countTokens(piece),
    );
  yield numbered('open', `${event}.done`, { ...at, [field]: text, ...logprobs });
  yield numbered('open', 'response.content_part.done', { ...at, part });
}

function* summaryFrames(text: string, at: JsonObject, numbered: Numbered, padding: () => string): Iterable<Frame> {
  yield numbered('open', 'response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } });
  for (const piece of textPieces(text))
    yield numbered(
      'content',
      'response.reasoning_summary_text.delta',
      { ...at, delta: piece, obfuscation: padding() },
      countTokens(piece),
    );
  yield numbered('open', 'response.reasoning_summary_text.done', { ...at, text });
  yield numbered('open', 'response.reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text } });
}

function outputItems(reply: SimulatedReply, request: SimulatedRequest, random: SeededRandom): JsonObject[] {
  const items: JsonObject[] = [];
  const status = reply.finish !== undefined && reply.finish in INCOMPLETE ? 'incomplete' : 'completed';
  if (reply.reasoning !== undefined) {
    const encrypted = asArray(request.body.include).includes('reasoning.encrypted_content');
    items.push({
      id: `rs_${random.hexadecimal(50)}`,
      type: 'reasoning',
      summary: request.reasoning === 'visible' ? [{ type: 'summary_text', text: reply.reasoning }] : [],
      ...(encrypted ? { content: [], encrypted_content: `gAAAAA${random.letters(180)}==` } : {}),
    });
  }
  if (reply.text !== '' || reply.toolCalls.length === 0)
    items.push({
      id: `msg_${random.hexadecimal(50)}`,
      type: 'message',
      status,
      content: [
        reply.finish === 'refusal'
          ? { type: 'refusal', refusal: reply.text }
          : { type: 'output_text', annotations: [], logprobs: [], text: reply.text },
      ],
      role: 'assistant',
    });
  for (const call of reply.toolCalls)
    items.push({
      id: `fc_${random.hexadecimal(50)}`,
      type: 'function_call',
      status,
      arguments: JSON.stringify(call.arguments),
      call_id: `call_${random.letters(24)}`,
      name: call.name,
    });
  return items;
}

/** The response object, which echoes what was asked for; without `items` it is still being written. */
function snapshot(id: string, reply: SimulatedReply, { body }: SimulatedRequest, items?: JsonObject[]): JsonObject {
  const ended = items !== undefined;
  const createdAt = Math.floor(reply.createdAt / 1000);
  const reason = ended && reply.finish !== undefined ? INCOMPLETE[reply.finish] : undefined;
  const complete = ended && reason === undefined && reply.finish !== undefined;
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status: complete ? 'completed' : reason === undefined ? 'in_progress' : 'incomplete',
    background: false,
    completed_at: complete ? createdAt : null,
    error: null,
    frequency_penalty: 0,
    incomplete_details: reason === undefined ? null : { reason },
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    model: reply.model,
    moderation: null,
    output: items ?? [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    presence_penalty: 0,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    prompt_cache_retention: null,
    reasoning: { effort: null, summary: null, ...asObject(body.reasoning) },
    safety_identifier: body.safety_identifier ?? null,
    service_tier: ended ? 'default' : 'auto',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: { format: { type: 'text' }, verbosity: 'medium', ...asObject(body.text) },
    tool_choice: body.tool_choice ?? 'auto',
    tools: [...asArray(body.tools)],
    top_logprobs: 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage: ended ? (usageOf(reply) ?? null) : null,
    user: body.user ?? null,
    metadata: body.metadata ?? {},
  };
}

function usageOf(reply: SimulatedReply): JsonObject | undefined {
  const { usage } = reply;
  return (
    usage && {
      input_tokens: usage.inputTokens,
      input_tokens_details: openaiTokenDetails(usage),
      output_tokens: usage.outputTokens,
      output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
      total_tokens: usage.inputTokens + usage.outputTokens,
    }
  );
}
