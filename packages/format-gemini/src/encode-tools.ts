import {
  type FunctionRequest,
  type FunctionTool,
  type JsonObject,
  mergeObjects,
  type NoteList,
  noteWebSearch,
  type OpaqueTool,
  serverToolChoice,
  type ToolChoice,
} from '@signalbox/core';
import { GEMINI } from './gemini-id.ts';
import { modelGeneration } from './model-generation.ts';

/** Writes `tools`; undefined where none are left. */
export function encodeTools(request: FunctionRequest, model: string, notes: NoteList): JsonObject[] | undefined {
  const declarations: JsonObject[] = [];
  const tools: JsonObject[] = [];
  const hasFunctions = request.tools?.some((tool) => tool.type === 'function') === true;
  for (const [index, tool] of (request.tools ?? []).entries()) {
    const field = `tools[${index}]`;
    if (tool.type === 'function') {
      if (declarations.length === 0) tools.push({ functionDeclarations: declarations });
      declarations.push(encodeFunction(tool, field, notes));
    } else {
      const written = encodeOpaqueTool(tool, hasFunctions, model, field, notes);
      if (written !== undefined) tools.push(written);
    }
  }
  return tools.length === 0 ? undefined : tools;
}

function encodeFunction(tool: FunctionTool, field: string, notes: NoteList): JsonObject {
  if (tool.strict === true) notes.dropped(`${field}.strict`, 'Gemini has no strict mode for one tool');
  if (tool.cache !== undefined) notes.approximated(`${field}.cache`, 'Gemini caches prompts by itself');
  notes.foreign(field, tool.extensions);
  const written: JsonObject = { name: tool.name };
  if (tool.description !== undefined) written.description = tool.description;
  if (tool.parameters !== undefined && takesArguments(tool.parameters)) written.parametersJsonSchema = tool.parameters;
  const own = tool.extensions?.[GEMINI];
  return own === undefined ? written : mergeObjects(written, own);
}

/** `{type: 'object'}` and nothing else says what an absent schema says. Google takes one whose properties are empty. */
function takesArguments(schema: JsonObject): boolean {
  return Object.keys(schema).some((key) => key !== 'type');
}

function encodeOpaqueTool(
  tool: OpaqueTool,
  hasFunctions: boolean,
  model: string,
  field: string,
  notes: NoteList,
): JsonObject | undefined {
  if (tool.format === GEMINI) return tool.value;
  const type = typeof tool.value.type === 'string' ? tool.value.type : 'tool';
  const besideFunctions = hasFunctions && (modelGeneration(model).version ?? 3) < 3;
  if (tool.runsCode === true && !besideFunctions) {
    notes.approximated(field, "sent as Google's code execution: containers and their files are each provider's own");
    return { codeExecution: {} };
  }
  if (tool.webSearch !== undefined) {
    if (besideFunctions) {
      notes.dropped(field, `${model} can't search beside functions`);
      return undefined;
    }
    noteWebSearch(tool.webSearch, [], field, 'Google Search', notes);
    return { googleSearch: {} };
  }
  notes.dropped(field, `the tool "${type}" is run by the provider of ${tool.format} alone`);
  return undefined;
}

/** Writes `functionCallingConfig`; undefined where nothing is to be said. */
export function encodeToolChoice(request: FunctionRequest, notes: NoteList): JsonObject | undefined {
  const choice = request.toolChoice;
  if (choice === undefined) return undefined;
  if (serverToolChoice(choice, request.tools ?? []) !== undefined) {
    notes.dropped('toolChoice', "it names a tool that is no function: Google's own can't be forced");
    return undefined;
  }
  const hasFunctions = request.tools?.some((tool) => tool.type === 'function') === true;
  if (hasFunctions || choice.type === 'opaque') return writeChoice(choice, notes);
  // Google refuses a choice among no functions.
  if (choice.type !== 'auto' && choice.type !== 'none') notes.dropped('toolChoice', 'there are no functions to choose');
  return undefined;
}

function writeChoice(choice: ToolChoice, notes: NoteList): JsonObject | undefined {
  switch (choice.type) {
    case 'auto':
      return { mode: 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'tool':
      return { mode: 'ANY', allowedFunctionNames: [choice.name] };
    case 'allowed':
      // AUTO takes no list of names; VALIDATED is AUTO with one.
      return { mode: choice.mode === 'required' ? 'ANY' : 'VALIDATED', allowedFunctionNames: [...choice.names] };
    case 'opaque':
      if (choice.format === GEMINI) return choice.value;
      notes.dropped('toolChoice', `only ${choice.format} has this choice`);
      return undefined;
  }
}
