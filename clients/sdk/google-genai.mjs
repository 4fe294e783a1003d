import { GoogleGenAI } from '@google/genai';
import { BASE, done, KEY, look, MODEL, must, TOOL, TOOL_PROMPT } from './ask.mjs';

const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: BASE } });
const whole = await client.models.generateContent({ model: MODEL, contents: 'Say hello' });
let stream = '';
for await (const chunk of await client.models.generateContentStream({ model: MODEL, contents: 'Say hello' }))
  stream += chunk.text ?? '';
const config = {
  tools: [
    {
      functionDeclarations: [{ name: TOOL.name, description: TOOL.description, parametersJsonSchema: TOOL.parameters }],
    },
  ],
};
const contents = [{ role: 'user', parts: [{ text: TOOL_PROMPT }] }];
const first = await client.models.generateContent({ model: MODEL, contents, config });
const [call] = first.functionCalls ?? [];
must(call !== undefined, 'no tool was called');
contents.push(first.candidates[0].content, {
  role: 'user',
  parts: [{ functionResponse: { id: call.id, name: call.name, response: { output: look(call.args) } } }],
});
const second = await client.models.generateContent({ model: MODEL, contents, config });
done({ whole: whole.text, stream, tool: second.text });
