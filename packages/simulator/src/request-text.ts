import { asArray, asObject, asString, type JsonObject, type JsonValue, RouterError } from '@signalbox/core';
import { extractPromptDirective } from './directive.ts';

/** The text in a message's content: a string, or parts that hold `text`. */
export function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  return asArray(content)
    .map((part) => (typeof part === 'string' ? part : (asString(asObject(part)?.text) ?? '')))
    .filter((text) => text !== '')
    .join('\n');
}

/** Parts of a content that are neither text nor tool traffic: images, documents, audio. */
export function countAttachments(content: JsonValue | undefined, types: ReadonlySet<string>): number {
  return asArray(content).filter((part) => types.has(asString(asObject(part)?.type) ?? '')).length;
}

/** A prompt without its directives: what is counted, quoted and matched. */
export function plainPrompt(text: string): string {
  return extractPromptDirective(text).prompt;
}

/** What a message's tool calls add to the input. */
export function callText(message: JsonObject): string {
  return message.tool_calls === undefined ? '' : JSON.stringify(message.tool_calls);
}

export function requireModel(body: JsonObject): string {
  const model = asString(body.model);
  if (model) return model;
  throw invalidRequest('model', 'model: a model name is required.');
}

export function requireMessages(body: JsonObject, field: string): readonly JsonObject[] {
  const messages = body[field];
  if (!Array.isArray(messages)) throw invalidRequest(field, `${field}: a list is required.`);
  return messages.map((message, index) => {
    const object = asObject(message);
    if (!object) throw invalidRequest(`${field}[${index}]`, `${field}[${index}]: an object is required.`);
    return object;
  });
}

/** A stop parameter: absent, one string or a list. */
export function readStops(value: JsonValue | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : asArray(value).map(String);
}

export function invalidRequest(parameter: string, message: string): RouterError {
  return new RouterError({ kind: 'invalid-request', parameter, message });
}
