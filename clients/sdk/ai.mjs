// The AI SDK with the provider package that is named on the command line.
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { BASE, done, KEY, look, MODEL, TOOL, TOOL_PROMPT } from './ask.mjs';

const MODELS = {
  chat: async () =>
    (await import('@ai-sdk/openai-compatible')).createOpenAICompatible({
      name: 'gw',
      baseURL: `${BASE}/v1`,
      apiKey: KEY,
    })(MODEL),
  responses: async () => (await import('@ai-sdk/openai')).createOpenAI({ baseURL: `${BASE}/v1`, apiKey: KEY })(MODEL),
  messages: async () =>
    (await import('@ai-sdk/anthropic')).createAnthropic({ baseURL: `${BASE}/v1`, apiKey: KEY })(MODEL),
  gemini: async () =>
    (await import('@ai-sdk/google')).createGoogleGenerativeAI({ baseURL: `${BASE}/v1beta`, apiKey: KEY })(MODEL),
};
const model = await MODELS[process.argv[2]]();
const whole = await generateText({ model, prompt: 'Say hello', maxRetries: 0 });
const streamed = streamText({ model, prompt: 'Say hello', maxRetries: 0 });
let stream = '';
for await (const text of streamed.textStream) stream += text;
const tools = {
  look: tool({
    description: TOOL.description,
    inputSchema: jsonSchema(TOOL.parameters),
    execute: async (input) => look(input),
  }),
};
const turn = await generateText({ model, prompt: TOOL_PROMPT, tools, stopWhen: stepCountIs(3), maxRetries: 0 });
done({ whole: whole.text, stream, tool: turn.text });
