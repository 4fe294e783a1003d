import type { ModelRequest, TextPart } from '@signalbox/core';
import type { NotedContext } from './effort-of.ts';

const INSTRUCTION = 'Answer with a single valid JSON value and nothing else.';

/**
 * The request with an instruction behind its system prompt, where an endpoint's JSON mode needs one. OpenAI and others answer 400 to
 * `json_object` unless the word JSON stands in a message; callers of other formats do not know that. And where a schema has no place of its own
 * (`schemaless`), the model hears of it in words. `own`: a caller of this same format wrote the request, whose words stand.
 */
export function sayJson(
  encoding: NotedContext,
  request: ModelRequest,
  { schemaless, own }: { readonly schemaless: boolean; readonly own: boolean },
): ModelRequest {
  const { output } = request;
  if (output?.type === 'json-schema' && schemaless) {
    encoding.note(
      'approximated',
      'output.schema',
      'the endpoint knows JSON, but no schema for it: an instruction says it',
    );
    return withInstruction(request, `${INSTRUCTION} It keeps to this JSON Schema:\n${JSON.stringify(output.schema)}`);
  }
  if (output?.type !== 'json' || own || saysJson(request)) return request;
  encoding.note(
    'approximated',
    'output',
    'JSON mode wants the word in a message: an instruction was added to the system prompt',
  );
  return withInstruction(request, INSTRUCTION);
}

function withInstruction(request: ModelRequest, text: string): ModelRequest {
  const instruction: TextPart = { type: 'text', text };
  return { ...request, system: [...request.system, instruction] };
}

function saysJson({ system, messages }: ModelRequest): boolean {
  const inText = (part: { readonly type: string }) => part.type === 'text' && /json/i.test((part as TextPart).text);
  return system.some(inText) || messages.some((message) => message.parts.some(inText));
}
