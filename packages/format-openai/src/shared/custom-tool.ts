import { asObject, asString, type CustomTool, type JsonObject } from '@signalbox/core';

/** What a free-text tool's input must follow. Chat Completions has the grammar in an object of its own. */
export function decodeGrammar(format: JsonObject | undefined): Pick<CustomTool, 'grammar'> {
  const grammar = asObject(format?.grammar) ?? format;
  const syntax = asString(grammar?.syntax);
  const definition = asString(grammar?.definition);
  if (format?.type !== 'grammar' || syntax === undefined || definition === undefined) return {};
  return { grammar: { syntax, definition } };
}
