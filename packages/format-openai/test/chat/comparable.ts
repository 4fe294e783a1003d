import { isJsonObject, type JsonValue } from '@signalbox/core';

/**
 * A request body in one spelling, for comparing what went in with what came out. The differences that this hides are the
 * documented ones (README, "Canonical form and back").
 */
export function comparable(body: unknown): unknown {
  if (!isJsonObject(body)) return body;
  const { max_tokens, user, functions, function_call, stream, stream_options, stop, response_format, ...rest } = body;
  const plain = strip({
    ...rest,
    max_completion_tokens: body.max_completion_tokens ?? max_tokens,
    safety_identifier: body.safety_identifier ?? user,
    tools:
      body.tools ?? (Array.isArray(functions) ? functions.map((definition) => ({ function: definition })) : undefined),
    tool_choice: body.tool_choice === 'any' ? 'required' : (body.tool_choice ?? function_call),
    stop: typeof stop === 'string' ? [stop] : stop,
    response_format: isJsonObject(response_format) && response_format.type === 'text' ? undefined : response_format,
    stream: stream === true ? true : undefined,
    // A stream carries one answer.
    n: stream === true && body.n !== 1 ? undefined : body.n,
    logprobs: body.logprobs === true ? true : undefined,
    stream_options:
      stream === true ? { ...(isJsonObject(stream_options) ? stream_options : {}), include_usage: true } : undefined,
  });
  if (!isJsonObject(plain) || !Array.isArray(plain.messages)) return plain;
  return { ...plain, messages: plain.messages.map(comparableMessage) };
}

/** `null`, empty lists and defaults mean the same as absent members. */
function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value)
    .filter(
      ([key, entry]) =>
        entry !== null && entry !== undefined && !(key === 'tools' && Array.isArray(entry) && entry.length === 0),
    )
    .filter(([key, entry]) => !((key === 'stop' || key === 'tool_calls') && Array.isArray(entry) && entry.length === 0))
    .map(([key, entry]) => [key, key === 'parameters' || key === 'schema' ? entry : strip(entry)]);
  const stripped = Object.fromEntries(entries) as Record<string, JsonValue>;
  if (isJsonObject(stripped.function)) {
    // A tool, a choice or a call without its type is a function; the index of a call in a request says nothing.
    const { index: _index, ...call } = stripped;
    return { ...call, type: 'function' };
  }
  if (typeof stripped.image_url === 'string') return { ...stripped, image_url: { url: stripped.image_url } };
  return stripped;
}

function comparableMessage(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const { content, reasoning, ...message } = value;
  if (message.role === 'assistant') {
    const thinking = Array.isArray(content)
      ? content.filter((part) => isJsonObject(part) && part.type === 'thinking')
      : [];
    const text = Array.isArray(content) ? content.filter((part) => !thinking.includes(part)) : content;
    const thought = thinking.flatMap((part) =>
      isJsonObject(part) && Array.isArray(part.thinking) ? part.thinking : [],
    );
    const joined = thought.map((piece) => (isJsonObject(piece) ? piece.text : '')).join('');
    const reasoningContent = message.reasoning_content || reasoning || (joined === '' ? undefined : joined);
    return strip({ ...message, reasoning_content: reasoningContent, content: comparableContent(text) || undefined });
  }
  return { ...message, content: comparableContent(content) };
}

/** One plain text part is the same as its string. */
function comparableContent(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  if (content.length === 0) return undefined;
  const [first] = content;
  const plain = content.length === 1 && isJsonObject(first) && first.type === 'text' && Object.keys(first).length === 2;
  return plain ? first.text : content;
}
