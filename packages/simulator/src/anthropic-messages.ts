import type { JsonObject } from '@signalbox/core';
import type { SimulatedFinish } from './behaviour.ts';
import type { SeededRandom } from './random.ts';
import type { Frame, SimulatedFormat, SimulatedReply } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';
import { countTokens, slices, textPieces } from './token-count.ts';

const STOP_REASONS: Readonly<Record<SimulatedFinish, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-window': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  'content-filter': 'refusal',
  pause: 'pause_turn',
};

/** Anthropic Messages, as recorded with `anthropic-version: 2023-06-01`. */
export const anthropicMessages: SimulatedFormat = {
  writeJson(reply, request) {
    const random = reply.createRandom();
    return {
      model: reply.model,
      id: `msg_01${random.letters(22)}`,
      type: 'message',
      role: 'assistant',
      content: contentBlocks(reply, request, random),
      ...ending(reply),
      usage: inputUsage(reply, reply.usage?.outputTokens ?? 0, true),
    };
  },
  *writeStream(reply, request) {
    const random = reply.createRandom();
    yield frame('open', 'message_start', {
      message: {
        model: reply.model,
        id: `msg_01${random.letters(22)}`,
        type: 'message',
        role: 'assistant',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: inputUsage(reply, 1, false),
      },
    });
    let index = 0;
    for (const block of contentBlocks(reply, request, random)) {
      yield* blockFrames(block, index);
      index += 1;
    }
    if (reply.finish === undefined) return;
    yield frame('finish', 'message_delta', { delta: ending(reply), usage: finalUsage(reply) });
    yield frame('done', 'message_stop', {});
  },
  *writeStreamError(error) {
    yield { kind: 'done', event: 'error', data: error };
  },
};

function frame(kind: Frame['kind'], event: string, data: JsonObject, tokens?: number): Frame {
  return { kind, event, data: { type: event, ...data }, tokens };
}

function contentBlocks(reply: SimulatedReply, request: SimulatedRequest, random: SeededRandom): JsonObject[] {
  const blocks: JsonObject[] = [];
  if (reply.reasoning !== undefined && request.reasoning !== 'none')
    blocks.push({
      type: 'thinking',
      thinking: request.reasoning === 'visible' ? reply.reasoning : '',
      signature: random.base64(180),
    });
  if (reply.text !== '') blocks.push({ type: 'text', text: reply.text });
  for (const call of reply.toolCalls)
    blocks.push({
      type: 'tool_use',
      id: `toolu_01${random.letters(22)}`,
      name: call.name,
      input: call.arguments,
      caller: { type: 'direct' },
    });
  return blocks;
}

function* blockFrames(block: JsonObject, index: number): Iterable<Frame> {
  const start = (contentBlock: JsonObject) =>
    frame('open', 'content_block_start', { index, content_block: contentBlock });
  const delta = (kind: Frame['kind'], value: JsonObject, tokens?: number) =>
    frame(kind, 'content_block_delta', { index, delta: value }, tokens);
  // The first ping follows the first block's start, as in nearly all recordings.
  const ping: Frame[] = index === 0 ? [frame('open', 'ping', {})] : [];
  switch (block.type) {
    case 'thinking':
      yield start({ type: 'thinking', thinking: '', signature: '' });
      yield* ping;
      for (const piece of textPieces(String(block.thinking)))
        yield delta('content', { type: 'thinking_delta', thinking: piece }, countTokens(piece));
      yield delta('open', { type: 'signature_delta', signature: block.signature });
      break;
    case 'tool_use': {
      yield start({ ...block, input: {} });
      yield* ping;
      yield delta('open', { type: 'input_json_delta', partial_json: '' });
      const written = JSON.stringify(block.input);
      for (const piece of written === '{}' ? [] : slices(written, 12))
        yield delta('content', { type: 'input_json_delta', partial_json: piece }, countTokens(piece));
      break;
    }
    default:
      yield start({ type: 'text', text: '' });
      yield* ping;
      for (const piece of textPieces(String(block.text)))
        yield delta('content', { type: 'text_delta', text: piece }, countTokens(piece));
  }
  yield frame('open', 'content_block_stop', { index });
}

function ending(reply: SimulatedReply): JsonObject {
  const refused = reply.finish === 'refusal' || reply.finish === 'content-filter';
  return {
    stop_reason: reply.finish === undefined ? null : STOP_REASONS[reply.finish],
    stop_sequence: reply.finish === 'stop-sequence' ? (reply.stopSequence ?? null) : null,
    stop_details: refused ? { type: 'refusal', category: 'other', explanation: 'A simulated refusal.' } : null,
  };
}

/** Anthropic counts input net of the cache. */
function inputUsage(reply: SimulatedReply, outputTokens: number, complete: boolean): JsonObject | undefined {
  const { usage } = reply;
  if (!usage) return undefined;
  return {
    input_tokens: usage.inputTokens - usage.cacheRead - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    ...(complete ? thinkingDetails(usage.reasoningTokens) : {}),
    service_tier: 'standard',
    inference_geo: 'not_available',
  };
}

function finalUsage(reply: SimulatedReply): JsonObject | undefined {
  const { usage } = reply;
  if (!usage) return undefined;
  return {
    input_tokens: usage.inputTokens - usage.cacheRead - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens: usage.outputTokens,
    ...thinkingDetails(usage.reasoningTokens),
  };
}

function thinkingDetails(tokens: number): JsonObject {
  return tokens === 0 ? {} : { output_tokens_details: { thinking_tokens: tokens } };
}
