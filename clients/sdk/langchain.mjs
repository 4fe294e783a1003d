// LangChain with the chat model that is named on the command line.
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { BASE, done, KEY, look, MODEL, must, TOOL, TOOL_PROMPT } from './ask.mjs';

const MODELS = {
  chat: async () =>
    new (await import('@langchain/openai')).ChatOpenAI({
      model: MODEL,
      apiKey: KEY,
      maxRetries: 0,
      configuration: { baseURL: `${BASE}/v1` },
    }),
  messages: async () =>
    new (await import('@langchain/anthropic')).ChatAnthropic({
      model: MODEL,
      apiKey: KEY,
      maxRetries: 0,
      maxTokens: 400,
      anthropicApiUrl: BASE,
    }),
};
const model = await MODELS[process.argv[2]]();
const textOf = ({ content }) =>
  typeof content === 'string' ? content : content.map((block) => block.text ?? '').join('');
const whole = textOf(await model.invoke('Say hello'));
let stream = '';
for await (const chunk of await model.stream('Say hello')) stream += textOf(chunk);
const withTools = model.bindTools([{ name: TOOL.name, description: TOOL.description, schema: TOOL.parameters }]);
const messages = [new HumanMessage(TOOL_PROMPT)];
const first = await withTools.invoke(messages);
const [call] = first.tool_calls ?? [];
must(call !== undefined, 'no tool was called');
messages.push(first, new ToolMessage({ tool_call_id: call.id, name: call.name, content: look(call.args) }));
done({ whole, stream, tool: textOf(await withTools.invoke(messages)) });
