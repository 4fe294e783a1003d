import {
  asArray,
  asNumber,
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../packages/core/src/index.ts';

// Spellings of one thing that endpoints of this format have. Each function returns the one in which bodies are compared.

/** Finish reasons that endpoints invented, and OpenAI's word for the same. */
const REASONS: Readonly<Record<string, string>> = {
  '': 'stop',
  eos: 'stop',
  end_turn: 'stop',
  complete: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_length: 'length',
  function_call: 'tool_calls',
  tool_use: 'tool_calls',
  safety: 'content_filter',
  sensitive: 'content_filter',
};

/** A choice: its reason in OpenAI's words; an answer that calls tools ends for them, whatever it says (a forced call says `stop`). */
export function comparableChoice(value: JsonValue): JsonValue {
  const choice = asObject(value);
  if (choice === undefined) return value;
  const message = asObject(choice.message);
  const calls = asArray(message?.tool_calls).length > 0 || Boolean(asObject(message?.function_call)?.name);
  const reason = asString(choice.finish_reason) ?? '';
  const known = REASONS[reason] ?? reason;
  // Perplexity sends an empty delta beside the message of a whole answer.
  const { index = 0, delta, ...rest } = choice;
  if (delta !== undefined && message === undefined) return value;
  return { index, ...rest, finish_reason: calls && known === 'stop' ? 'tool_calls' : known };
}

/** An answer's message: reasoning under one name, text as a string, calls in the newer form. */
export function comparableChatMessage(value: JsonValue, legacyId?: string): JsonValue {
  const message = asObject(value);
  if (message === undefined) return value;
  const { content, reasoning, function_call: legacy, ...rest } = withReasoning(message);
  const { tool_calls: written, ...others } = rest;
  const calls = asArray(written).map(comparableCall);
  if (isJsonObject(legacy) && legacy.name)
    calls.push(comparableCall({ ...(legacyId === undefined ? {} : { id: legacyId }), function: legacy }));
  const saidContent = comparableContent(content);
  // Servers written in Go send every member, with nothing in it.
  const { audio, ...said } = others;
  return {
    role: 'assistant',
    ...said,
    ...(saysSomething(audio) ? { audio } : {}),
    ...(saidContent === undefined || saidContent === '' ? {} : { content: saidContent }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** A refusal in the list of parts is the message's refusal. */
function refusalAsField(message: JsonObject): JsonObject {
  const parts = asArray(message.content);
  const refusals = parts.flatMap((part) => asString(asObject(part)?.refusal) ?? []);
  if (refusals.length === 0) return message;
  const { content: _content, ...rest } = message;
  const others = parts.filter((part) => asObject(part)?.type !== 'refusal');
  return { ...rest, refusal: refusals.join(''), ...(others.length === 0 ? {} : { content: others }) };
}

/** Reasoning is `reasoning_content`, in whichever of four places it stands. */
function withReasoning(message: JsonObject): JsonObject {
  const { reasoning_content: first, reasoning, ...rest } = message;
  const parts = asArray(message.content);
  const thinking = parts.filter((part) => asObject(part)?.type === 'thinking');
  const details = asArray(message.reasoning_details).map((detail) => {
    return asString(asObject(detail)?.text) ?? asString(asObject(detail)?.summary) ?? '';
  });
  const text =
    asString(first) || asString(reasoning) || details.join('') || thinking.map((part) => thinkingText(part)).join('');
  const content = Array.isArray(message.content) ? parts.filter((part) => !thinking.includes(part)) : message.content;
  return {
    ...rest,
    ...(content === undefined ? {} : { content }),
    ...(text === '' ? {} : { reasoning_content: text }),
  };
}

function saysSomething(value: JsonValue | undefined): boolean {
  return Object.values(asObject(value) ?? {}).some((member) => member !== '' && member !== 0 && member !== null);
}

function thinkingText(part: JsonValue): string {
  const { thinking } = asObject(part) ?? {};
  if (typeof thinking === 'string') return thinking;
  return asArray(thinking)
    .map((piece) => asString(asObject(piece)?.text) ?? '')
    .join('');
}

/** A list of plain texts is their string. */
function comparableContent(content: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(content)) return content;
  const texts = content.map((part) => (typeof part === 'string' ? part : plainText(part)));
  if (texts.length === 0) return undefined;
  return texts.every((text) => text !== undefined) ? texts.join('') : content;
}

function plainText(part: JsonValue): string | undefined {
  const object = asObject(part);
  if (object?.type !== 'text' || Object.keys(object).some((key) => key !== 'type' && key !== 'text')) return undefined;
  return asString(object.text);
}

/** A call: its place in the list says its index, a call without a type is a function's, no arguments are an empty object. */
function comparableCall(value: JsonValue): JsonValue {
  const call = asObject(value);
  if (call === undefined) return value;
  const { index: _index, type = 'function', function: definition, ...rest } = call;
  const called = asObject(definition);
  if (called === undefined) return { ...rest, type };
  const { custom, ...fields } = rest;
  return {
    ...fields,
    ...(saysSomething(custom) ? { custom } : {}),
    type,
    function: { ...called, arguments: argumentText(called.arguments) },
  };
}

function argumentText(value: JsonValue | undefined): string {
  if (value === undefined || value === '') return '{}';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Usage in OpenAI's arithmetic: reasoning is part of the completion (xAI and Google's endpoint add it only to the total), audio
 * part of the prompt (Mistral), and what was read from a cache has one name.
 */
export function comparableUsage(value: JsonValue): JsonValue {
  const usage = asObject(value);
  if (usage === undefined) return value;
  const input = asObject(usage.prompt_tokens_details) ?? {};
  const output = asObject(usage.completion_tokens_details) ?? {};
  let prompt = asNumber(usage.prompt_tokens) ?? asNumber(usage.input_tokens) ?? 0;
  let completion = asNumber(usage.completion_tokens) ?? asNumber(usage.output_tokens) ?? 0;
  let reasoning = Math.max(asNumber(output.reasoning_tokens) ?? 0, asNumber(usage.reasoning_tokens) ?? 0);
  const missing = (asNumber(usage.total_tokens) ?? prompt + completion) - prompt - completion;
  if (missing > 0 && missing === input.audio_tokens) prompt += missing;
  else if (missing > 0 && (missing === reasoning || reasoning === 0)) {
    completion += missing;
    reasoning = missing;
  }
  const cached = [input.cached_tokens, usage.prompt_cache_hit_tokens, usage.cached_tokens, usage.num_cached_tokens];
  // Azure's Grok counts cached tokens of a hidden prefix that is not in the prompt: none of the prompt was cached.
  const most = Math.max(...cached.map((figure) => asNumber(figure) ?? 0));
  return {
    ...usage,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { ...input, cached_tokens: most > prompt ? 0 : most },
    completion_tokens_details: { ...output, reasoning_tokens: reasoning },
  };
}

/** An answer whose usage stands in Groq's own member has it in the common one. */
export function usageInOnePlace(value: JsonValue): JsonValue {
  const answer = asObject(value);
  const usage = asObject(asObject(answer?.x_groq)?.usage);
  if (answer === undefined || usage === undefined || answer.usage !== undefined) return value;
  const { queue_time: _q, prompt_time: _p, completion_time: _c, total_time: _t, ...figures } = usage;
  return { ...answer, usage: figures };
}

/** A request with tools instead of functions. What it says of several answers counts only without a stream. */
export function withoutOlderForms(value: JsonValue): JsonValue {
  const { functions, function_call: choice, n, ...body } = asObject(value) ?? {};
  const tools = Array.isArray(functions)
    ? functions.map((definition) => ({ type: 'function', function: definition }))
    : [];
  const chosen = isJsonObject(choice) ? { type: 'function', function: choice } : choice;
  return {
    ...body,
    ...(tools.length === 0 ? {} : { tools }),
    ...(chosen === undefined ? {} : { tool_choice: chosen }),
    ...(n === undefined || body.stream === true ? {} : { n }),
  };
}

/** A list whose order says nothing. */
export function sorted(value: JsonValue): JsonValue {
  return asArray(value).toSorted((one, other) => (String(one) < String(other) ? -1 : 1));
}

/** A request's messages: the same spellings, and results of the older functions as tool messages. */
export function messagesInOneSpelling(value: JsonValue): JsonValue {
  // The older form has no ids: a result is that of the turn before it, by which both are named here.
  let turn = 0;
  // The user says nothing with a list of nothing.
  const list = asArray(value).filter((entry) => {
    const { role, content } = asObject(entry) ?? {};
    return role !== 'user' || JSON.stringify(content) !== '[]';
  });
  return list.map((entry, index) => {
    const message = asObject(entry);
    if (message === undefined) return entry;
    if (message.role === 'assistant') {
      turn = index;
      return comparableChatMessage(refusalAsField(message), `call_${index}`);
    }
    if (message.role === 'function') {
      return { ...message, role: 'tool', tool_call_id: `call_${turn}`, content: comparableContent(message.content) };
    }
    const { tool_calls: calls, ...rest } = message;
    const content = asArray(message.content).map(withImageObject);
    return {
      ...rest,
      ...(asArray(calls).length === 0 ? {} : { tool_calls: calls }),
      content: comparableContent(Array.isArray(message.content) ? content : message.content),
    };
  });
}

/** Mistral takes an image's address as it is; a file of text is text. */
function withImageObject(value: JsonValue): JsonValue {
  const part = asObject(value);
  const file = asObject(part?.file);
  const [, data] = /^data:text\/[^;,]*;base64,(.*)$/s.exec(asString(file?.file_data) ?? '') ?? [];
  if (data !== undefined) {
    const text = Buffer.from(data, 'base64').toString();
    return { type: 'text', text: file?.filename === undefined ? text : `${file.filename}\n\n${text}` };
  }
  return typeof part?.image_url === 'string' ? { ...part, image_url: { url: part.image_url } } : value;
}
