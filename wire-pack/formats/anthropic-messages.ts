import { asNumber, asObject, isJsonObject, type JsonObject, type JsonValue } from '../../packages/core/src/index.ts';
import { anthropicMessages } from '../../packages/format-anthropic/src/index.ts';
import { assembleAnthropicMessage } from '../assemble/anthropic-messages.ts';
import type { RecordedFormat } from '../recorded-format.ts';

/** Anthropic Messages. */
export const ANTHROPIC_MESSAGES: RecordedFormat = {
  endpoint: 'anthropic.messages',
  format: anthropicMessages,
  assemble: assembleAnthropicMessage,
  quirks: { midConversationSystem: true },
  droppedFields: [
    { field: 'messages[]', because: 'a turn without content, which Anthropic refuses' },
    { field: 'sampling.topP', because: 'models from Claude 4.1 on refuse it beside a temperature' },
  ],
  callIds: /^[\w-]+$/,
  answerLimits: [
    { what: 'several answers', because: 'Anthropic’s callers can ask for one answer only' },
    { what: 'log probabilities', because: 'Anthropic tells none' },
    { what: 'error', because: 'a failed answer is a refusal: the nearest that is not a clean end' },
    { what: 'other', because: 'there is no word for an end of unknown kind' },
  ],
  requestDifferences: [
    { at: 'tools[].input_schema', nullMatters: true, because: 'null is a value of JSON Schema' },
    { at: 'output_config.format.schema', nullMatters: true, because: 'null is a value of JSON Schema' },
    { at: 'messages[].content[].input', nullMatters: true, because: "a tool's input is the model's own JSON" },
    { at: 'top_p', mayBeLeftOut: true, because: 'models from Claude 4.1 on refuse it beside a temperature' },
    { at: 'stream', absentMeans: false, because: 'no stream is the default' },
    { at: 'max_tokens', mayBeAdded: true, because: 'Anthropic wants a limit: some recorded callers sent none' },
    { at: '', sameAs: withOutputConfig, because: 'output_format is the predecessor of output_config.format' },
    { at: 'system', sameAs: blocks, because: 'a text is the list of one text block' },
    { at: 'system', absentMeans: [], because: 'no blocks are no system prompt' },
    { at: 'stop_sequences', absentMeans: [], because: 'no sequences' },
    { at: 'metadata', absentMeans: {}, because: 'nothing is said' },
    { at: 'tools', absentMeans: [], because: 'no tools' },
    {
      at: 'messages',
      sameAs: turns,
      because: 'turns of one role in a row are one turn, a text is a list of one text block',
    },
  ],
  answerDifferences: [
    ...['id', 'type', 'role', 'model'].map((field) => ({
      at: field,
      mayBeAdded: true as const,
      because: 'an excerpt of a stream may lack its beginning',
    })),
    { at: 'content[].input', nullMatters: true, because: "a tool's input is the model's own JSON" },
    { at: 'content', sameAs: withoutEmptyTexts, because: 'Anthropic refuses an empty text that is sent back' },
    ...['cache_read_input_tokens', 'cache_creation_input_tokens', 'input_tokens', 'output_tokens'].map((figure) => ({
      at: `usage.${figure}`,
      absentMeans: 0,
      because: 'a figure that is absent is zero',
    })),
    {
      at: 'usage.cache_creation',
      sameAs: (split: JsonValue, usage: JsonObject) => writtenSplit(split, usage),
      because: 'what was written and not split was written for five minutes, and a split of zeroes says nothing',
    },
    { at: 'usage.cache_creation', mayBeAdded: true, because: 'we always say how long what was written lives' },
    {
      at: 'usage.output_tokens_details.thinking_tokens',
      absentMeans: 0,
      because: 'a figure that is absent is zero',
    },
    { at: 'usage.output_tokens_details', absentMeans: {}, because: 'details without figures say nothing' },
    { at: 'usage.server_tool_use.web_search_requests', absentMeans: 0, because: 'a figure that is absent is zero' },
    { at: 'usage.server_tool_use', absentMeans: {}, because: 'a list of counts that are all zero says nothing' },
  ],
  streamDifferences: [
    { at: 'content[].citations', absentMeans: [], because: 'a block begins without citations; they come behind it' },
  ],
};

function withoutEmptyTexts(content: JsonValue): JsonValue {
  if (!Array.isArray(content)) return content;
  return content.filter((block) => !(asObject(block)?.type === 'text' && asObject(block)?.text === ''));
}

function writtenSplit(split: JsonValue, usage: JsonObject): JsonValue | undefined {
  const figures = asObject(split);
  const fiveMinutes = asNumber(figures?.ephemeral_5m_input_tokens) ?? 0;
  const hour = asNumber(figures?.ephemeral_1h_input_tokens) ?? 0;
  const written = asNumber(usage.cache_creation_input_tokens) ?? 0;
  if (fiveMinutes === 0 && hour === 0 && written === 0) return undefined;
  return { ephemeral_5m_input_tokens: Math.max(fiveMinutes, written - hour), ephemeral_1h_input_tokens: hour };
}

function withOutputConfig(value: JsonValue): JsonValue {
  const { output_format: format, ...body } = asObject(value) ?? {};
  return format === undefined ? body : { ...body, output_config: { format, ...asObject(body.output_config) } };
}

function blocks(content: JsonValue | undefined): JsonValue[] {
  const list = typeof content === 'string' ? [{ type: 'text', text: content }] : Array.isArray(content) ? content : [];
  return list
    .filter((block) => asObject(block)?.text !== '')
    .map((block) => {
      const result = asObject(block);
      return result?.type === 'tool_result' ? { ...result, content: blocks(result.content) } : block;
    });
}

function turns(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return value;
  const list: JsonObject[] = [];
  for (const turn of value.filter(isJsonObject)) {
    const before = list.at(-1);
    const content = blocks(turn.content);
    if (before?.role === turn.role && turn.role !== 'system' && Array.isArray(before?.content)) {
      before.content.push(...content);
    } else if (content.length > 0) list.push({ ...turn, content });
  }
  return list;
}
