import type { Message, ModelRequest } from '../packages/core/src/index.ts';

const SENTENCE = 'The signalman sets the points, and every train “gets” its route — no two of them collide. ';

/** A conversation of about so many bytes: questions, answers, tool calls and their results. */
export function requestOfSize(bytes: number): ModelRequest {
  const messages: Message[] = [];
  const words = SENTENCE.repeat(10);
  // One round of four turns has about 3,000 bytes.
  for (let round = 0; round * 3000 < bytes; round += 1) {
    const id = `call_${round}`;
    messages.push(
      { role: 'user', parts: [{ type: 'text', text: words }] },
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'I look it up.' },
          { type: 'tool-call', id, name: 'look_up', arguments: JSON.stringify({ words: SENTENCE, lines: [1, 2, 3] }) },
        ],
      },
      {
        role: 'user',
        parts: [{ type: 'tool-result', callId: id, name: 'look_up', content: [{ type: 'text', text: words }] }],
      },
      { role: 'assistant', parts: [{ type: 'text', text: words }] },
    );
  }
  messages.push({ role: 'user', parts: [{ type: 'text', text: 'And now?' }] });
  return {
    system: [{ type: 'text', text: SENTENCE }],
    messages,
    tools: [
      {
        type: 'function',
        name: 'look_up',
        description: SENTENCE,
        parameters: {
          type: 'object',
          properties: { words: { type: 'string' }, lines: { type: 'array', items: { type: 'integer' } } },
        },
      },
    ],
    maxOutputTokens: 1000,
  };
}
