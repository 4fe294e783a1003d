import { openaiChat } from '../../packages/format-openai/src/index.ts';
import { assembleChatCompletion } from '../assemble/openai-chat.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import {
  comparableChatMessage,
  comparableChoice,
  comparableUsage,
  messagesInOneSpelling,
  sorted,
  usageInOnePlace,
  withoutOlderForms,
} from './openai-chat-spelling.ts';

const ZERO = 'a figure that is absent is zero';

/** Chat Completions, OpenAI's and everybody's. */
export const OPENAI_CHAT: RecordedFormat = {
  endpoint: 'openai.chat',
  format: openaiChat,
  assemble: assembleChatCompletion,
  quirks: {
    topK: true,
    minP: true,
    reasoningField: 'reasoning_content',
    reasoningDetails: true,
    extraContent: true,
    fileUrls: true,
    videoUrl: true,
    maxStopSequences: 100,
    maxToolCallIdLength: 200,
    maxIdentifierLength: 200,
  },
  quirksFor: (body) => ({
    cacheMarks: JSON.stringify(body).includes('"prompt_cache_breakpoint"')
      ? 'prompt_cache_breakpoint'
      : 'cache_control',
  }),
  answerLimits: [
    { what: 'error', because: 'an answer that ends in finish_reason "error" is read as that error' },

    { what: 'other', because: 'there is no word for an end of unknown kind' },
    {
      what: 'pause',
      because: 'there is no word for an answer that goes on when it is sent back: it reads as cut at its length',
    },
  ],
  requestDifferences: [
    { at: 'tools[].function.parameters', nullMatters: true, because: 'null is a value of JSON Schema' },
    { at: 'functions[].parameters', nullMatters: true, because: 'null is a value of JSON Schema' },
    { at: 'response_format.json_schema.schema', nullMatters: true, because: 'null is a value of JSON Schema' },
    { at: 'model', mayBeAdded: true, because: 'Azure has the model in the path: its callers send none' },
    { at: 'max_tokens', anotherNameFor: 'max_completion_tokens', because: 'the older name of the limit' },
    { at: 'max_tokens', mayBeLeftOut: true, because: 'the newer name stands beside it' },
    { at: 'top_logprobs', absentMeans: 0, because: 'no alternatives' },
    { at: 'user', anotherNameFor: 'safety_identifier', because: 'the older name of the end user' },
    {
      at: '',
      sameAs: withoutOlderForms,
      because: 'functions and their choice are tools and theirs; a stream has no n',
    },
    { at: 'tools', absentMeans: [], because: 'no tools' },
    { at: 'tools[].custom.format', absentMeans: { type: 'text' }, because: 'any text is the default' },
    { at: 'modalities', sameAs: sorted, because: 'the order of kinds says nothing' },
    { at: 'tools[].type', absentMeans: 'function', because: 'a tool without a type is a function' },
    { at: 'tool_choice.type', absentMeans: 'function', because: 'a choice without a type is a function' },
    {
      at: 'tool_choice',
      sameAs: (choice) => (choice === 'any' ? 'required' : choice),
      because: "Mistral's word for it",
    },
    {
      at: 'stop',
      sameAs: (stop) => (typeof stop === 'string' ? [stop] : stop),
      because: 'one sequence is a list of one',
    },
    { at: 'stop', absentMeans: [], because: 'no sequences' },
    { at: 'response_format', absentMeans: { type: 'text' }, because: 'text is the default' },
    { at: 'stream', absentMeans: false, because: 'no stream is the default' },
    { at: 'logprobs', absentMeans: false, because: 'no log probabilities is the default' },
    { at: 'stream_options.include_usage', mayBeAdded: true, because: 'we always ask for the usage of a stream' },
    { at: 'stream_options', absentMeans: {}, because: 'options that say nothing' },
    { at: 'messages', sameAs: messagesInOneSpelling, because: 'messages have several spellings (see there)' },
  ],
  answerDifferences: [
    {
      at: 'choices',
      sameAs: (choices) => (Array.isArray(choices) ? choices.map(comparableChoice) : choices),
      because: 'finish reasons have several spellings (see there)',
    },
    {
      at: 'choices[].message',
      sameAs: (message) => comparableChatMessage(message),
      because: 'messages have several spellings (see there)',
    },
    { at: 'choices[].message.annotations', absentMeans: [], because: 'no annotations' },
    { at: 'choices[].message.tool_calls', absentMeans: [], because: 'no calls' },
    { at: 'choices[].message.content', absentMeans: '', because: 'no text' },
    { at: 'object', absentMeans: 'chat.completion', because: 'some endpoints do not say what it is' },
    { at: 'created', mayBeAdded: true, because: 'clients want a time: ours where the endpoint gave none' },
    { at: '', sameAs: usageInOnePlace, because: 'Groq streams have their usage in x_groq' },
    { at: 'id', absentMeans: '', because: 'an empty id is none' },
    { at: 'id', mayBeAdded: true, because: 'we name answers that have no name' },
    { at: 'model', mayBeAdded: true, because: 'we name the model where the endpoint does not' },
    { at: 'choices[].logprobs', absentMeans: {}, because: 'no log probabilities' },
    { at: 'choices[].text', absentMeans: '', because: 'a member of the older Completions, without content here' },
    { at: 'choices[].message.refusal', absentMeans: '', because: 'no refusal' },
    { at: 'choices[].message.tool_calls[].id', absentMeans: '', because: 'an empty id is none' },
    {
      at: 'choices[].message.tool_calls[].type',
      sameAs: (type) => (type === 'builtin_function' ? 'function' : type),
      because: 'the name of the call says that it is one of the endpoint’s own (Moonshot)',
    },
    { at: 'choices[].message.tool_calls[].id', mayBeAdded: true, because: 'calls in the older form have no id' },
    { at: 'usage', sameAs: comparableUsage, because: 'usage has several spellings (see there)' },
    { at: 'usage.prompt_tokens_details.cached_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.prompt_tokens_details.audio_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.prompt_tokens_details.cache_write_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.prompt_tokens_details', absentMeans: {}, because: 'details that say nothing' },
    { at: 'usage.completion_tokens_details.reasoning_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.completion_tokens_details.audio_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.completion_tokens_details', absentMeans: {}, because: 'details that say nothing' },
  ],
};
