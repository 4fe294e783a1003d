import type {
  FunctionTool,
  Message,
  ModelRequest,
  ToolCallPart,
  ToolResultPart,
} from '../../packages/core/src/index.ts';
import type { RequestConcept, Section } from '../concept.ts';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const weather: FunctionTool = { type: 'function', name: 'weather', description: 'The weather of a city.', parameters };
const now: FunctionTool = { type: 'function', name: 'now' };
const tools = [weather, now];
const call: ToolCallPart = { type: 'tool-call', id: 'call_1', name: 'weather', arguments: '{"city":"Rome"}' };
const result: ToolResultPart = {
  type: 'tool-result',
  callId: 'call_1',
  name: 'weather',
  content: [{ type: 'text', text: 'Sun.' }],
};

const SEARCHES = [
  { format: 'anthropic-messages', value: { type: 'web_search_20260318', name: 'web_search' } },
  { format: 'openai-chat', value: { type: 'web_search_options' } },
  { format: 'openai-responses', value: { type: 'web_search' } },
  { format: 'gemini', value: { googleSearch: {} } },
];

const SANDBOXES = [
  { format: 'anthropic-messages', value: { type: 'code_execution_20260120', name: 'code_execution' } },
  { format: 'openai-responses', value: { type: 'code_interpreter', container: { type: 'auto' } } },
  { format: 'gemini', value: { codeExecution: {} } },
];

function loop(calls: readonly ToolCallPart[], results: Message['parts'], offered = tools): Partial<ModelRequest> {
  return {
    tools: offered,
    messages: [
      { role: 'user', parts: [{ type: 'text', text: 'Is it raining?' }] },
      { role: 'assistant', parts: calls },
      { role: 'user', parts: results },
    ],
  };
}

/** Tools, their choice, calls and results. */
export const TOOLS: readonly Section<RequestConcept>[] = [
  {
    title: 'Tools and their choice',
    concepts: [
      { name: 'functions', request: { tools } },
      {
        name: 'free-text tool with a grammar',
        request: {
          tools: [
            {
              type: 'custom',
              name: 'sql',
              description: 'Runs SQL.',
              grammar: { syntax: 'lark', definition: 'start: /.+/' },
            },
          ],
        },
      },
      { name: 'tools in a group (Responses)', request: { tools: [{ ...weather, namespace: 'sky' }, now] } },
      { name: 'strict parameters', request: { tools: [{ ...weather, strict: true }] } },
      {
        name: 'tool that a provider runs',
        request: { tools: [{ type: 'opaque', format: 'somewhere-else', value: { type: 'novel_tool' } }] },
      },
      ...SEARCHES.map(({ format, value }) => ({
        name: `web search of ${format}`,
        request: { tools: [{ type: 'opaque' as const, format, value, webSearch: {} }] },
      })),
      ...SANDBOXES.map(({ format, value }) => ({
        name: `code execution of ${format}`,
        request: { tools: [{ type: 'opaque' as const, format, value, runsCode: true as const }] },
      })),
      {
        name: 'web search in some domains, near a place',
        request: {
          tools: [
            {
              type: 'opaque',
              format: 'somewhere-else',
              value: { type: 'search' },
              webSearch: {
                allowedDomains: ['example.org'],
                location: { city: 'Lisbon' },
                contextSize: 'low',
                maxUses: 3,
              },
            },
          ],
        },
      },
      { name: 'choice: auto', request: { tools, toolChoice: { type: 'auto' } } },
      { name: 'choice: none', request: { tools, toolChoice: { type: 'none' } } },
      { name: 'choice: some tool', request: { tools, toolChoice: { type: 'required' } } },
      { name: 'choice: this tool', request: { tools, toolChoice: { type: 'tool', name: 'now' } } },
      {
        name: 'choice: among these',
        request: { tools, toolChoice: { type: 'allowed', mode: 'auto', names: ['now'] } },
      },
      {
        name: 'choice: one of these',
        request: { tools, toolChoice: { type: 'allowed', mode: 'required', names: ['now'] } },
      },
      { name: 'one call at a time', request: { tools, parallelToolCalls: false } },
    ],
  },
  {
    title: 'Calls and results',
    concepts: [
      { name: 'call and result', request: loop([call], [result]) },
      {
        name: 'parallel calls',
        request: loop(
          [call, { ...call, id: 'call_2', arguments: '{"city":"Oslo"}' }],
          [result, { ...result, callId: 'call_2', content: [{ type: 'text', text: 'Rain.' }] }],
        ),
      },
      {
        name: 'call without arguments',
        request: loop([{ ...call, name: 'now', arguments: '' }], [{ ...result, name: 'now' }]),
      },
      { name: 'arguments that are no JSON', request: loop([{ ...call, arguments: '{"city":' }], [result]) },
      {
        name: 'call of a free-text tool',
        request: loop([{ ...call, arguments: 'Rome', kind: 'custom' }], [{ ...result, kind: 'custom' }]),
      },
      {
        name: 'id with unusual characters',
        request: loop([{ ...call, id: 'functions.weather:0' }], [{ ...result, callId: 'functions.weather:0' }]),
      },
      {
        name: 'long id',
        request: loop([{ ...call, id: 'x'.repeat(80) }], [{ ...result, callId: 'x'.repeat(80) }]),
      },
      { name: 'call without a result', request: loop([call, { ...call, id: 'call_2' }], [result]) },
      { name: 'result without a call', request: loop([call], [result, { ...result, callId: 'call_2' }]) },
      {
        name: 'late result',
        request: {
          tools,
          messages: [
            { role: 'assistant', parts: [call] },
            { role: 'user', parts: [{ type: 'text', text: 'Is it raining?' }] },
            { role: 'assistant', parts: [{ type: 'text', text: 'I look.' }] },
            { role: 'user', parts: [result] },
          ],
        },
      },
      { name: 'failed tool', request: loop([call], [{ ...result, isError: true }]) },
      {
        name: 'image in a result',
        request: loop(
          [call],
          [
            {
              ...result,
              content: [
                ...result.content,
                { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } },
              ],
            },
          ],
        ),
      },
      {
        name: 'result and text in one turn',
        request: loop([call], [result, { type: 'text', text: 'Briefly, please.' }]),
      },
    ],
  },
];
