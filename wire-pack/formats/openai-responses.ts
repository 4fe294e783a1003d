import { asObject, type JsonValue, parseJson } from '../../packages/core/src/index.ts';
import { openaiResponses } from '../../packages/format-openai/src/index.ts';
import { assembleResponse } from '../assemble/openai-responses.ts';
import type { Difference } from '../difference.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import {
  comparableInput,
  comparableOutputItem,
  knownItemsFirst,
  knownPartsFirst,
  messagesInARowAsOne,
} from './openai-responses-spelling.ts';

const SCHEMA = 'null is a value of JSON Schema';
const DEFAULT = 'the default, which answers of OpenAI say and those of others leave out';
const CUT_CALL = 'in a stream, a call whose arguments end in the middle says by them that it was cut off';
const ZERO = 'a figure that is absent is zero';

/** OpenAI's Responses. */
export const OPENAI_RESPONSES: RecordedFormat = {
  endpoint: 'openai.responses',
  format: openaiResponses,
  assemble: assembleResponse,
  quirks: {},
  answerLimits: [
    { what: 'several answers', because: 'callers of Responses can ask for one answer only' },
    { what: 'other', because: 'there is no word for an end of unknown kind' },
    { what: 'pause', because: 'there is no word for an answer that goes on when it is sent back: it is incomplete' },
    { what: 'error', because: 'a failed response is read as the error that it holds' },
  ],
  requestDifferences: [
    { at: 'tools[].parameters', nullMatters: true, because: SCHEMA },
    { at: 'tools[].format', absentMeans: { type: 'text' }, because: 'any text is the default' },
    { at: 'text.format.schema', nullMatters: true, because: SCHEMA },
    { at: 'model', mayBeAdded: true, because: 'a stored prompt may name the model' },
    { at: 'user', anotherNameFor: 'safety_identifier', because: 'the older name of the end user' },
    { at: 'stream', absentMeans: false, because: 'no stream is the default' },
    { at: 'instructions', absentMeans: '', because: 'no instructions' },
    { at: 'include', absentMeans: [], because: 'nothing is to be included' },
    { at: 'tools', absentMeans: [], because: 'no tools' },
    { at: 'stream_options', mayBeLeftOut: true, because: 'it means something in a stream alone' },
    { at: 'max_output_tokens', sameAs: (most) => Math.max(16, Number(most)), because: 'fewer are refused' },
    { at: 'text.format', absentMeans: { type: 'text' }, because: 'text is the default' },
    { at: 'text', absentMeans: {}, because: 'settings that say nothing' },
    { at: 'reasoning', absentMeans: {}, because: 'settings that say nothing' },
    { at: 'input', absentMeans: [], because: 'no items' },
    { at: 'input', sameAs: comparableInput, because: 'items have a short and a long form (see there)' },
  ],
  answerDifferences: [
    { at: 'output_text', sameAs: () => undefined, because: 'the texts of the output once more, which SDKs add' },
    {
      at: 'output[]',
      sameAs: comparableOutputItem,
      because: 'empty lists and the state of complete items say nothing',
    },
    { at: 'output[].id', mayBeAdded: true, because: 'some servers give items no id' },
    { at: 'background', absentMeans: false, because: DEFAULT },
    { at: 'metadata', absentMeans: {}, because: DEFAULT },
    { at: 'parallel_tool_calls', absentMeans: true, because: DEFAULT },
    { at: 'store', absentMeans: false, because: 'we write it where nothing is known' },
    { at: 'text', absentMeans: { format: { type: 'text' } }, because: DEFAULT },
    { at: 'tool_choice', absentMeans: 'auto', because: DEFAULT },
    { at: 'tools', absentMeans: [], because: 'no tools' },
    { at: 'truncation', absentMeans: 'disabled', because: DEFAULT },
    { at: 'instructions', absentMeans: '', because: 'no instructions' },
    { at: 'status', sameAs: (status) => (status === 'complete' ? 'completed' : status), because: "DeepSeek's word" },
    { at: 'usage.input_tokens_details.cached_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.input_tokens_details.cache_write_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.input_tokens_details', absentMeans: {}, because: 'details that say nothing' },
    { at: 'usage.output_tokens_details.reasoning_tokens', absentMeans: 0, because: ZERO },
    { at: 'usage.output_tokens_details', absentMeans: {}, because: 'details that say nothing' },
  ],
  streamDifferences: [
    ...['output[].encrypted_content', 'output[].fingerprint'].map(
      (at): Difference => ({
        at,
        sameAs: () => 'encrypted',
        because: 'OpenAI encrypts anew for each event of a stream',
      }),
    ),
    { at: 'output[]', sameAs: withoutStateOfCutCall, because: CUT_CALL },
    { at: 'output', sameAs: knownItemsFirst, because: 'items of server tools come when their end is told, or last' },
  ],
  replayDifferences: [
    {
      at: 'output',
      sameAs: messagesInARowAsOne,
      because: 'in a whole answer, what tells two messages in a row apart comes after their texts',
    },
    {
      at: 'output[].id',
      sameAs: () => 'ours',
      because: 'a whole answer gives the id of a message after its text, a stream wants it before',
    },
  ],
  foldDifferences: [
    { at: 'parts[].encrypted.value', sameAs: () => 'encrypted', because: 'OpenAI encrypts anew for each event' },
    { at: 'parts[].value', sameAs: withoutCipher, because: 'OpenAI encrypts anew for each event' },
    { at: 'parts[]', sameAs: withoutStateOfCutCall, because: CUT_CALL },
    { at: 'parts', sameAs: knownPartsFirst, because: 'items of server tools come when their end is told, or last' },
  ],
};

/** A call in the format's own form or in canonical form. */
function withoutStateOfCutCall(value: JsonValue): JsonValue {
  const { status: _status, extensions: _extensions, ...call } = asObject(value) ?? {};
  const isCall = call.type === 'function_call' || call.type === 'tool-call';
  return isCall && parseJson(String(call.arguments)) === undefined ? call : value;
}

function withoutCipher(value: JsonValue): JsonValue {
  const item = asObject(value);
  if (item === undefined) return value;
  const hidden = ['encrypted_content', 'fingerprint'].filter((key) => item[key] !== undefined);
  return { ...item, ...Object.fromEntries(hidden.map((key) => [key, 'encrypted'])) };
}
