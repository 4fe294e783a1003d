import {
  type FunctionRequest,
  type FunctionTool,
  type JsonObject,
  mergeObjects,
  type NoteList,
  type ToolChoice,
} from '@signalbox/core';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** Writes the tools that the choice leaves: Ollama has no tool choice, so tools that must not be called are not offered. */
export function encodeTools(request: FunctionRequest, notes: NoteList): JsonObject[] | undefined {
  if (request.tools === undefined) return undefined;
  const offered = offeredNames(request.toolChoice, notes);
  const tools: JsonObject[] = [];
  for (const [index, tool] of request.tools.entries()) {
    const field = `tools[${index}]`;
    if (tool.type === 'opaque') {
      if (tool.format === OLLAMA_CHAT && offered === undefined) tools.push(tool.value);
      else if (tool.format === OLLAMA_CHAT) notes.dropped(field, 'the tool choice leaves it out');
      else notes.dropped(field, `a tool that the provider of ${tool.format} runs`);
    } else if (offered === undefined || offered.has(tool.name)) tools.push(encodeFunction(tool, field, notes));
    else notes.mapped(field, 'not offered: the tool choice leaves it out');
  }
  return tools.length === 0 ? undefined : tools;
}

function encodeFunction(tool: FunctionTool, field: string, notes: NoteList): JsonObject {
  if (tool.strict === true) notes.dropped(`${field}.strict`, 'Ollama has no strict mode');
  if (tool.cache !== undefined) notes.approximated(`${field}.cache`, 'Ollama reuses prompts by itself');
  notes.foreign(field, tool.extensions);
  const written: JsonObject = {
    type: 'function',
    function: {
      name: tool.name,
      ...(tool.description === undefined ? {} : { description: tool.description }),
      // Templates walk through the properties: a tool without arguments has none, but has the list.
      parameters: tool.parameters ?? { type: 'object', properties: {} },
    },
  };
  const own = tool.extensions?.[OLLAMA_CHAT];
  return own === undefined ? written : mergeObjects(written, own);
}

/** The names that may be called; undefined: all. */
function offeredNames(choice: ToolChoice | undefined, notes: NoteList): ReadonlySet<string> | undefined {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return undefined;
    case 'none':
      notes.mapped('toolChoice', 'no tool is offered');
      return new Set();
    case 'required':
      notes.approximated('toolChoice', "Ollama can't be made to call a tool: the model decides");
      return undefined;
    case 'tool':
      notes.approximated('toolChoice', `only "${choice.name}" is offered; the model decides whether to call it`);
      return new Set([choice.name]);
    case 'allowed':
      if (choice.mode === 'auto') notes.mapped('toolChoice', 'only the allowed tools are offered');
      else
        notes.approximated('toolChoice', 'only the allowed tools are offered; the model decides whether to call one');
      return new Set(choice.names);
    case 'opaque':
      notes.dropped('toolChoice', `only ${choice.format} has this choice`);
      return undefined;
  }
}
