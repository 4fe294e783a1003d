import {
  asArray,
  asObject,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '../../packages/core/src/index.ts';
import { ollamaChat } from '../../packages/format-ollama/src/index.ts';
import { assembleOllamaAnswer } from '../assemble/ollama-chat.ts';
import type { RecordedFormat } from '../recorded-format.ts';

/** Ollama's /api/chat. */
export const OLLAMA_CHAT: RecordedFormat = {
  endpoint: 'ollama.chat',
  format: ollamaChat,
  assemble: assembleOllamaAnswer,
  quirks: {},
  answerLimits: [
    { what: 'several answers', because: 'Ollama’s callers can ask for one answer only' },
    { what: 'citations', because: 'Ollama names no pages' },
    { what: 'other', because: 'there is no word for an end of unknown kind' },

    { what: 'reasoning usage', because: 'Ollama counts all output in one figure' },
    { what: 'cache usage', because: 'Ollama counts all input in one figure' },
  ],
  streamDifferences: [
    { at: 'created_at', sameAs: () => undefined, because: 'each line of a stream has the time at which it is written' },
    ...['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration'].map((duration) => ({
      at: duration,
      mayBeAdded: true as const,
      because: "a stream's last line always has durations: our clock's where no server measured them",
    })),
  ],
  requestDifferences: [
    { at: 'tools[].function.parameters', nullMatters: true, because: 'null is a value of JSON Schema' },
    { at: 'format', nullMatters: true, because: 'null is a value of JSON Schema' },
    {
      at: 'messages[].tool_calls[].function.arguments',
      nullMatters: true,
      because: "a call's arguments are its own JSON",
    },
    { at: 'stream', absentMeans: true, because: 'a stream is the default' },
    { at: 'tools', absentMeans: [], because: 'no tools' },
    { at: 'format', absentMeans: '', because: 'no format' },
    { at: 'options', absentMeans: {}, because: 'no options' },
    { at: 'messages', absentMeans: [], because: 'no messages' },
    {
      at: 'messages',
      sameAs: comparableMessages,
      because: 'leading system texts are one, and empty lists and texts say nothing',
    },
    { at: 'logprobs', absentMeans: false, because: 'none is the default' },
    {
      at: 'options.stop',
      sameAs: (stop) => (typeof stop === 'string' ? [stop] : stop),
      because: 'one sequence is a list of one',
    },
    {
      at: 'tools[].function.parameters',
      absentMeans: { type: 'object', properties: {} },
      because: 'takes no arguments',
    },
    {
      at: 'messages[].tool_calls[].function.arguments',
      sameAs: argumentsObject,
      because: 'a text that holds an object is that object',
    },
    { at: 'messages[].name', anotherNameFor: 'tool_name', because: "the older name of a result's tool" },
    { at: 'messages[].tool_name', mayBeAdded: true, because: 'the call says which tool it was' },
    { at: 'messages[].tool_calls', sameAs: withoutPlaces, because: "a call's place in the list says its index" },
  ],
  answerDifferences: [
    {
      at: 'message.tool_calls[].function.arguments',
      nullMatters: true,
      because: "a call's arguments are its own JSON",
    },
    { at: 'created_at', sameAs: wholeSecond, because: 'the canonical form keeps the time to the second' },
    { at: 'created_at', mayBeAdded: true, because: 'clients want a time: ours where there is none' },
    { at: 'done_reason', absentMeans: 'stop', because: 'old servers gave no reason' },
    { at: 'message.content', absentMeans: '', because: 'no text' },
    { at: 'logprobs[].top_logprobs', absentMeans: [], because: 'no alternatives' },
    { at: 'message.tool_calls', sameAs: withoutPlaces, because: "a call's place in the list says its index" },
    { at: 'message.tool_calls[].id', mayBeAdded: true, because: 'old servers gave calls no id' },
  ],
};

function wholeSecond(value: JsonValue): JsonValue {
  const time = Date.parse(String(value));
  return Number.isNaN(time) ? value : Math.floor(time / 1000);
}

/** Many templates keep the first system message alone: those at the front go as one. */
function comparableMessages(value: JsonValue): JsonValue {
  const list: JsonObject[] = [];
  for (const message of asArray(value).filter(isJsonObject)) {
    const said = Object.entries(message).filter(
      ([key, one]) => key === 'content' || !(one === '' || (Array.isArray(one) && one.length === 0)),
    );
    const before = list.at(-1);
    if (message.role === 'system' && before?.role === 'system' && list.length === 1) {
      before.content = `${before.content}\n\n${message.content}`;
    } else list.push(Object.fromEntries(said));
  }
  return list;
}

function argumentsObject(value: JsonValue): JsonValue {
  return typeof value === 'string' ? (parseJson(value) ?? value) : value;
}

function withoutPlaces(value: JsonValue): JsonValue {
  return asArray(value).map((entry) => {
    const { function: called, ...call } = asObject(entry) ?? {};
    const { index: _index, ...rest } = asObject(called) ?? {};
    return { ...call, function: rest };
  });
}
