import Anthropic from '@anthropic-ai/sdk';
import { FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;
let ollama: Ollama;
beforeAll(async () => {
  under = await startGateway();
  openai = new OpenAI({ baseURL: `${under.gateway.url}/v1`, apiKey: 'any', maxRetries: 0 });
  google = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: under.gateway.url } });
  ollama = new Ollama({ host: under.gateway.url });
  anthropic = new Anthropic({ baseURL: under.gateway.url, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => under.close());

/** Ollama's API can't force a tool, so the question itself asks the simulator for the call. */
const QUESTION = '[[simulate: toolCall=get_weather {"city":"Lisbon"}]] Weather in Lisbon?';

const weather = {
  type: 'object' as const,
  properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['C', 'F'] } },
  required: ['city'],
};

/** One model of each wire format, and where a caller's request for a stream arrives. */
const MODELS = {
  'gpt-4o-mini': '/openai/v1/chat/completions',
  'claude-haiku-4-5': '/anthropic/v1/messages',
  'gemini-2.5-flash': '/google/v1beta/models/gemini-2.5-flash:streamGenerateContent',
  'mistral:7b': '/api/chat',
  'gpt-5-mini': '/responses/v1/responses',
};

const lastPath = () => under.simulator.requests.at(-1)?.path.split('?')[0];

// Each SDK, in front of its own vendor's format and of all others.
for (const [model, path] of Object.entries(MODELS)) {
  describe(`the openai package, ${model} behind`, () => {
    it('streams text', async () => {
      const stream = await openai.chat.completions.create({
        model,
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: 'user', content: 'Say hello' }],
      });
      let text = '';
      let finish: string | null = null;
      let total = 0;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
        total = chunk.usage?.total_tokens ?? total;
      }
      expect(text.length).toBeGreaterThan(20);
      expect(finish).toBe('stop');
      expect(total).toBeGreaterThan(0);
      expect(lastPath()).toBe(path);
    });

    it('calls a tool and takes its result', async () => {
      const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: weather } }];
      const first = await openai.chat.completions
        .stream({ model, messages: [{ role: 'user', content: QUESTION }], tools, tool_choice: 'required' })
        .finalChatCompletion();
      const call = first.choices[0]?.message.tool_calls?.[0];
      expect(first.choices[0]?.finish_reason).toBe('tool_calls');
      expect(call?.type === 'function' && Object.keys(JSON.parse(call.function.arguments))).toContain('city');
      const second = await openai.chat.completions.create({
        model,
        tools,
        messages: [
          { role: 'user', content: QUESTION },
          first.choices[0]?.message ?? { role: 'assistant', content: '' },
          { role: 'tool', tool_call_id: call?.id ?? '', content: 'sunny, 24 degrees' },
        ],
      });
      expect(second.choices[0]?.message.content).toContain('sunny');
    });

    it('gets errors of its own classes', async () => {
      const failing = openai.chat.completions.create({
        model,
        messages: [{ role: 'user', content: '[[simulate: status=429]] x' }],
      });
      await expect(failing).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    });

    it('throws on a stream that is cut', async () => {
      const stream = await openai.chat.completions.create({
        model,
        stream: true,
        messages: [{ role: 'user', content: '[[simulate: words=30; cut=5]] x' }],
      });
      const read = async () => {
        for await (const chunk of stream) void chunk;
      };
      await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
    });
  });

  describe(`@anthropic-ai/sdk, ${model} behind`, () => {
    it('streams text', async () => {
      const stream = anthropic.messages.stream({
        model,
        max_tokens: 300,
        messages: [{ role: 'user', content: 'Say hello' }],
      });
      const events: string[] = [];
      stream.on('streamEvent', (event) => events.push(event.type));
      const message = await stream.finalMessage();
      const [block] = message.content;
      expect(block?.type === 'text' && block.text.length).toBeGreaterThan(20);
      expect(message.stop_reason).toBe('end_turn');
      expect(message.usage.output_tokens).toBeGreaterThan(0);
      expect(events[0]).toBe('message_start');
      expect(lastPath()).toBe(path);
    });

    it('calls a tool and takes its result', async () => {
      const tools = [{ name: 'get_weather', input_schema: weather }];
      const first = await anthropic.messages
        .stream({
          model,
          max_tokens: 300,
          tools,
          tool_choice: { type: 'any' },
          messages: [{ role: 'user', content: QUESTION }],
        })
        .finalMessage();
      const call = first.content.find((block) => block.type === 'tool_use');
      expect(first.stop_reason).toBe('tool_use');
      expect(call?.input).toHaveProperty('city');
      const second = await anthropic.messages.create({
        model,
        max_tokens: 300,
        tools,
        messages: [
          { role: 'user', content: QUESTION },
          { role: 'assistant', content: first.content },
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'sunny, 24 degrees' }],
          },
        ],
      });
      expect(second.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toContain('sunny');
    });

    it('gets errors of its own classes', async () => {
      const failing = anthropic.messages.create({
        model,
        max_tokens: 10,
        messages: [{ role: 'user', content: '[[simulate: status=429]] x' }],
      });
      await expect(failing).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    });

    it('throws on a stream that is cut', async () => {
      const stream = anthropic.messages.stream({
        model,
        max_tokens: 300,
        messages: [{ role: 'user', content: '[[simulate: words=30; cut=5]] x' }],
      });
      await expect(stream.finalMessage()).rejects.toThrow();
    });
  });

  describe(`@google/genai, ${model} behind`, () => {
    it('streams text', async () => {
      const stream = await google.models.generateContentStream({ model, contents: 'Say hello' });
      let text = '';
      let finish: string | undefined;
      let total = 0;
      for await (const chunk of stream) {
        text += chunk.text ?? '';
        finish = chunk.candidates?.[0]?.finishReason ?? finish;
        total = chunk.usageMetadata?.totalTokenCount ?? total;
      }
      expect(text.length).toBeGreaterThan(20);
      expect(finish).toBe('STOP');
      expect(total).toBeGreaterThan(0);
      expect(lastPath()).toBe(path);
    });

    it('calls a tool and takes its result', async () => {
      const config = {
        tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: weather }] }],
        toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
      };
      const question = { role: 'user', parts: [{ text: QUESTION }] };
      const first = await google.models.generateContent({ model, contents: [question], config });
      const [call] = first.functionCalls ?? [];
      expect(call?.args).toHaveProperty('city');
      const second = await google.models.generateContent({
        model,
        config: { tools: config.tools },
        contents: [
          question,
          first.candidates?.[0]?.content ?? { parts: [] },
          {
            role: 'user',
            parts: [
              { functionResponse: { id: call?.id, name: 'get_weather', response: { result: 'sunny, 24 degrees' } } },
            ],
          },
        ],
      });
      expect(second.text).toContain('sunny');
    });

    it('gets errors with their status', async () => {
      const failing = google.models.generateContent({ model, contents: '[[simulate: status=429]] x' });
      await expect(failing).rejects.toMatchObject({ status: 429 });
    });

    it('throws on a stream that is cut', async () => {
      const stream = await google.models.generateContentStream({ model, contents: '[[simulate: words=30; cut=5]] x' });
      const read = async () => {
        for await (const chunk of stream) void chunk;
      };
      await expect(read()).rejects.toThrow();
    });
  });

  describe(`ollama, ${model} behind`, () => {
    it('streams text', async () => {
      const stream = await ollama.chat({ model, messages: [{ role: 'user', content: 'Say hello' }], stream: true });
      let text = '';
      let last: { done: boolean; done_reason?: string; eval_count?: number } = { done: false };
      for await (const part of stream) {
        text += part.message.content;
        last = part;
      }
      expect(text.length).toBeGreaterThan(20);
      expect(last).toMatchObject({ done: true, done_reason: 'stop', eval_count: expect.any(Number) });
      expect(lastPath()).toBe(path);
    });

    it('calls a tool and takes its result', async () => {
      const tools = [
        { type: 'function', function: { name: 'get_weather', description: 'Weather', parameters: weather } },
      ];
      const question = {
        role: 'user',
        content: '[[simulate: toolCall=get_weather {"city":"Lisbon"}]] Weather in Lisbon?',
      };
      const first = await ollama.chat({ model, tools, messages: [question] });
      const [call] = first.message.tool_calls ?? [];
      expect(call?.function.arguments).toHaveProperty('city');
      const second = await ollama.chat({
        model,
        tools,
        messages: [question, first.message, { role: 'tool', tool_name: 'get_weather', content: 'sunny, 24 degrees' }],
      });
      expect(second.message.content).toContain('sunny');
    });

    it('gets errors with their status', async () => {
      const failing = ollama.chat({
        model,
        messages: [{ role: 'user', content: '[[simulate: status=429]] x' }],
      });
      await expect(failing).rejects.toMatchObject({ status_code: 429 });
    });

    it('throws on a stream that is cut', async () => {
      const stream = await ollama.chat({
        model,
        messages: [{ role: 'user', content: '[[simulate: words=30; cut=5]] x' }],
        stream: true,
      });
      const read = async () => {
        for await (const part of stream) void part;
      };
      await expect(read()).rejects.toThrow();
    });
  });

  describe(`the openai package's responses, ${model} behind`, () => {
    it('stream text', async () => {
      const stream = openai.responses.stream({ model, input: 'Say hello' });
      const types = new Set<string>();
      let text = '';
      for await (const event of stream) {
        types.add(event.type);
        if (event.type === 'response.output_text.delta') text += event.delta;
      }
      const response = await stream.finalResponse();
      expect(text.length).toBeGreaterThan(20);
      expect(response.output_text).toBe(text);
      expect(response.status).toBe('completed');
      expect(response.usage?.total_tokens).toBeGreaterThan(0);
      expect([...types]).toEqual(
        expect.arrayContaining(['response.created', 'response.output_item.added', 'response.completed']),
      );
      // OpenAI itself is spoken to in the caller's format, one of its two.
      expect(lastPath()).toBe(model === 'gpt-4o-mini' ? '/openai/v1/responses' : path);
    });

    it('call a tool and take its result', async () => {
      const tools = [{ type: 'function' as const, name: 'get_weather', parameters: weather, strict: false }];
      const first = await openai.responses.create({ model, input: QUESTION, tools });
      const call = first.output.find((item) => item.type === 'function_call');
      expect(Object.keys(JSON.parse(call?.arguments ?? '{}'))).toContain('city');
      const second = await openai.responses.create({
        model,
        tools,
        input: [
          { role: 'user', content: QUESTION },
          ...(first.output as OpenAI.Responses.ResponseInputItem[]),
          { type: 'function_call_output', call_id: call?.call_id ?? '', output: 'sunny, 24 degrees' },
        ],
      });
      expect(second.output_text).toContain('sunny');
    });

    it('get errors of their own classes', async () => {
      const failing = openai.responses.create({ model, input: '[[simulate: status=429]] x' });
      await expect(failing).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    });

    it('never look complete when the stream is cut', async () => {
      const stream = await openai.responses.create({ model, stream: true, input: '[[simulate: words=30; cut=5]] x' });
      const types: string[] = [];
      let thrown: unknown;
      try {
        for await (const event of stream) types.push(event.type);
      } catch (error) {
        thrown = error;
      }
      expect(types).not.toContain('response.completed');
      expect(thrown instanceof OpenAI.APIError || types.includes('response.failed')).toBe(true);
    });
  });
}

for (const model of ['claude-haiku-4-5', 'gemini-2.5-flash', 'mistral:7b']) {
  describe(`free-text and grouped tools of the openai package, ${model} behind`, () => {
    const exec = {
      type: 'custom' as const,
      name: 'exec',
      description: 'Runs a shell command.',
      format: { type: 'grammar' as const, syntax: 'lark' as const, definition: 'start: /.+/' },
    };
    const asks = (call: string) => `[[simulate: toolCall=${call}]] Look around.`;

    it('come back as Responses has them, and take their results', async () => {
      const tools = [exec];
      const input = asks('exec {"input":"ls -l \\"a b\\""}');
      const first = await openai.responses.stream({ model, input, tools }).finalResponse();
      const call = first.output.find((item) => item.type === 'custom_tool_call');
      expect(call).toMatchObject({ name: 'exec', input: 'ls -l "a b"' });
      if (call === undefined) return;
      const second = await openai.responses.create({
        model,
        tools,
        input: [
          { role: 'user', content: input },
          call,
          { type: 'custom_tool_call_output', call_id: call.call_id, output: 'sunny pictures' },
        ],
      });
      expect(second.output_text).toContain('sunny');
    });

    it('come back with their group', async () => {
      const look = { type: 'function', name: 'look', parameters: weather, strict: false };
      const body = { model, tools: [{ type: 'namespace', name: 'eyes', description: 'Sight.', tools: [look] }] };
      const answer = await openai.post<{ output: object[] }>('/responses', {
        body: { ...body, input: asks('eyes__look {"city":"Lisbon"}') },
      });
      const call = answer.output.find((item) => 'name' in item);
      expect(call).toMatchObject({ type: 'function_call', name: 'look', namespace: 'eyes' });
    });

    it('come back as Chat Completions has them', async () => {
      const { name, description } = exec;
      const answer = await openai.chat.completions.create({
        model,
        messages: [{ role: 'user', content: asks('exec {"input":"ls"}') }],
        tools: [{ type: 'custom', custom: { name, description } }],
      });
      expect(answer.choices[0]?.message.tool_calls?.[0]).toMatchObject({
        type: 'custom',
        custom: { name, input: 'ls' },
      });
    });
  });
}
