import type { ModelRequest } from './model-request.ts';

/** The text of the last user turn that has any: not the system prompt, not a tool's result. `''` where there is none. */
export function lastUserText(request: ModelRequest): string {
  for (let index = request.messages.length - 1; index >= 0; index -= 1) {
    const message = request.messages[index];
    if (message?.role !== 'user') continue;
    const texts: string[] = [];
    for (const part of message.parts) if (part.type === 'text') texts.push(part.text);
    const text = texts.join('\n');
    if (text !== '') return text;
  }
  return '';
}
