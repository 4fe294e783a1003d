import { asArray, asObject, type JsonValue } from '../../packages/core/src/index.ts';
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
    { at: 'messages[].name', anotherNameFor: 'tool_name', because: "the older name of a result's tool" },
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

function withoutPlaces(value: JsonValue): JsonValue {
  return asArray(value).map((entry) => {
    const { function: called, ...call } = asObject(entry) ?? {};
    const { index: _index, ...rest } = asObject(called) ?? {};
    return { ...call, function: rest };
  });
}
