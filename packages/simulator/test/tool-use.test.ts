import { describe, expect, test } from 'vitest';
import { ANTHROPIC, at, post, useSimulator } from './simulator-client.ts';

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** How each format offers a tool, forces it, shows the call and takes the result. */
const DIALECTS = [
  {
    name: 'Anthropic Messages',
    path: '/v1/messages',
    body: (prompt: string) => ({
      model: 'claude-sonnet-4-5',
      max_tokens: 500,
      messages: [{ role: 'user', content: prompt }],
      tools: [{ name: 'get_weather', input_schema: PARAMETERS }],
    }),
    forced: { tool_choice: { type: 'tool', name: 'get_weather' } },
    forbidden: { tool_choice: { type: 'none' } },
    callOf: (json: unknown) => at(json, 'content', 0, 'input'),
    textOf: (json: unknown) => at(json, 'content', 0, 'text'),
    answered: (json: unknown) => [
      { role: 'assistant', content: at(json, 'content') },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: at(json, 'content', 0, 'id'), content: 'Rain at 9 degrees' }],
      },
    ],
  },
  {
    name: 'Chat Completions',
    path: '/v1/chat/completions',
    body: (prompt: string) => ({
      model: 'gpt-5',
      messages: [{ role: 'user', content: prompt }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: PARAMETERS } }],
    }),
    forced: { tool_choice: { type: 'function', function: { name: 'get_weather' } } },
    forbidden: { tool_choice: 'none' },
    callOf: (json: unknown) => {
      const written = at(json, 'choices', 0, 'message', 'tool_calls', 0, 'function', 'arguments');
      return written === undefined ? undefined : JSON.parse(String(written));
    },
    textOf: (json: unknown) => at(json, 'choices', 0, 'message', 'content'),
    answered: (json: unknown) => [
      at(json, 'choices', 0, 'message'),
      {
        role: 'tool',
        tool_call_id: at(json, 'choices', 0, 'message', 'tool_calls', 0, 'id'),
        content: 'Rain at 9 degrees',
      },
    ],
  },
  {
    name: 'Ollama chat',
    path: '/api/chat',
    body: (prompt: string) => ({
      model: 'llama3.2',
      stream: false,
      messages: [{ role: 'user', content: prompt }],
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: PARAMETERS } }],
    }),
    forced: undefined,
    forbidden: undefined,
    callOf: (json: unknown) => at(json, 'message', 'tool_calls', 0, 'function', 'arguments'),
    textOf: (json: unknown) => at(json, 'message', 'content'),
    answered: (json: unknown) => [
      at(json, 'message'),
      { role: 'tool', tool_name: 'get_weather', content: 'Rain at 9 degrees' },
    ],
  },
] as const;

describe.each(DIALECTS)('tools in $name', (dialect) => {
  const simulator = useSimulator();
  const ask = (body: object, directive = '') =>
    post(simulator(), dialect.path, body, { ...ANTHROPIC, 'x-simulate': directive });

  test('are called where the prompt names them, with arguments made from the schema', async () => {
    const named = await ask(dialect.body('Use get_weather, please.'));
    expect(dialect.callOf(named.json)).toEqual({ city: 'simulated city' });
    const unnamed = await ask(dialect.body('What is the weather? Not get_weather_report.'));
    expect(dialect.callOf(unnamed.json)).toBeUndefined();
    expect(dialect.textOf(unnamed.json)).toContain('simulated answer');
  });

  test.skipIf(!dialect.forced)('are called where the choice forces them, and never where it forbids them', async () => {
    const forced = await ask({ ...dialect.body('Hello'), ...dialect.forced });
    expect(dialect.callOf(forced.json)).toEqual({ city: 'simulated city' });
    const forbidden = await ask({ ...dialect.body('Use get_weather, please.'), ...dialect.forbidden });
    expect(dialect.callOf(forbidden.json)).toBeUndefined();
  });

  test('are answered in text that mentions the result', async () => {
    const body = dialect.body('Use get_weather, please.');
    const first = await ask(body);
    const second = await ask({ ...body, messages: [...body.messages, ...dialect.answered(first.json)] });
    expect(second.status).toBe(200);
    expect(dialect.textOf(second.json)).toContain('Rain at 9 degrees');
  });

  test('are called with given arguments on demand', async () => {
    const { json } = await ask(dialect.body('Hello'), 'toolCall="get_weather {\\"city\\":\\"Oslo\\"}"');
    expect(dialect.callOf(json)).toEqual({ city: 'Oslo' });
    const written = '{"toolCall":{"name":"get_weather","arguments":{"city":"Bergen"}}}';
    expect(dialect.callOf((await ask(dialect.body('Hello'), written)).json)).toEqual({ city: 'Bergen' });
  });
});
