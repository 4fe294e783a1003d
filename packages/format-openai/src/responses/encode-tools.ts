import type { FunctionTool, JsonObject, JsonValue, ModelRequest, ToolChoice } from '@signalbox/core';
import { encodeCache } from './encode-content.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { type Encoding, noteForeign } from './notes.ts';

/** `tools`, `tool_choice` and `parallel_tool_calls`. */
export function encodeTools(encoding: Encoding, request: ModelRequest): JsonObject {
  const { tools = [], toolChoice, parallelToolCalls } = request;
  const encoded: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    const place = `tools[${index}]`;
    if (tool.type === 'function') encoded.push(encodeFunction(encoding, tool, place));
    else if (tool.format === FORMAT_ID) encoded.push(tool.value);
    else encoding.note('dropped', place, `a tool that only ${tool.format} knows`);
  }
  if (tools.length > 0 && encoded.length === 0) {
    // What remains would speak of tools that are gone, which is an error.
    if (toolChoice !== undefined) encoding.note('dropped', 'toolChoice', 'no tool is left');
    if (parallelToolCalls !== undefined) encoding.note('dropped', 'parallelToolCalls', 'no tool is left');
    return {};
  }
  const choice = toolChoice === undefined ? undefined : encodeChoice(encoding, toolChoice);
  return {
    ...(encoded.length === 0 ? {} : { tools: encoded }),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeFunction(encoding: Encoding, tool: FunctionTool, place: string): JsonObject {
  noteForeign(encoding, tool.extensions, place);
  // Left out, `strict` means true here and false everywhere else.
  const strict = tool.strict ?? (encoding.own ? undefined : false);
  const parameters = tool.parameters ?? (encoding.own ? undefined : { type: 'object', properties: {} });
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
    ...encodeCache(encoding, tool.cache, place),
    ...ownFields(tool.extensions),
  };
}

function encodeChoice(encoding: Encoding, choice: ToolChoice): JsonValue | undefined {
  switch (choice.type) {
    case 'auto':
    case 'none':
    case 'required':
      return choice.type;
    case 'tool':
      return { type: 'function', name: choice.name };
    case 'allowed':
      return {
        type: 'allowed_tools',
        mode: choice.mode,
        tools: choice.names.map((name) => ({ type: 'function', name })),
      };
    case 'opaque':
      if (choice.format === FORMAT_ID) return choice.value;
      encoding.note('dropped', 'toolChoice', `a choice that only ${choice.format} knows`);
      return undefined;
  }
}
