import {
  type Capabilities,
  type FunctionRequest,
  type FunctionTool,
  type JsonObject,
  type NoteList,
  noteWebSearch,
  type ToolChoice,
  type WebSearch,
} from '@signalbox/core';
import { encodeCacheControl } from './cache-mark.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { strictSchema } from './strict-schema.ts';

/** The request's `tools` and `tool_choice`; absent where there are none. */
export function encodeTools(
  request: FunctionRequest,
  capabilities: Capabilities | undefined,
  notes: NoteList,
): { tools?: JsonObject[]; tool_choice?: JsonObject } {
  const choice = request.toolChoice;
  const allowed = choice?.type === 'allowed' ? new Set(choice.names) : undefined;
  const tools: JsonObject[] = [];
  for (const [index, tool] of (request.tools ?? []).entries()) {
    const field = `tools[${index}]`;
    if (tool.type === 'opaque') {
      if (tool.format === FORMAT_ID) tools.push(tool.value);
      else if (tool.webSearch !== undefined && capabilities?.webSearch !== false) {
        tools.push(encodeWebSearch(tool.webSearch, field, notes));
      } else if (tool.runsCode === true) {
        notes.approximated(
          field,
          "sent as Anthropic's code execution: containers and their files are each provider's own",
        );
        tools.push({ type: 'code_execution_20260120', name: 'code_execution' });
      } else notes.dropped(field, `a tool that only ${tool.format} knows`);
    } else if (allowed === undefined || allowed.has(tool.name)) {
      tools.push(encodeFunction(tool, field, notes));
    } else notes.mapped(field, 'not offered: it is not among the allowed tools');
  }
  if (allowed !== undefined) {
    notes.approximated('toolChoice', 'only the allowed tools are offered: Anthropic has no list of allowed tools');
  }
  const toolChoice = encodeChoice(choice, request.parallelToolCalls, tools.length > 0, notes);
  return {
    ...(request.tools === undefined || (tools.length === 0 && request.tools.length > 0) ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
  };
}

/** The first version of the tool: every model that searches takes it. */
function encodeWebSearch(search: WebSearch, field: string, notes: NoteList): JsonObject {
  const { allowedDomains, blockedDomains, location, maxUses } = search;
  // Anthropic takes one of the two lists.
  const takes = ['location', 'maxUses', 'allowedDomains', ...(allowedDomains ? [] : ['blockedDomains'])];
  noteWebSearch(search, takes as (keyof WebSearch)[], field, "Anthropic's web search", notes);
  return {
    type: 'web_search_20250305',
    name: 'web_search',
    ...(allowedDomains === undefined ? {} : { allowed_domains: [...allowedDomains] }),
    ...(allowedDomains !== undefined || blockedDomains === undefined ? {} : { blocked_domains: [...blockedDomains] }),
    ...(location === undefined ? {} : { user_location: { type: 'approximate', ...location } }),
    ...(maxUses === undefined ? {} : { max_uses: maxUses }),
  };
}

function encodeFunction(tool: FunctionTool, field: string, notes: NoteList): JsonObject {
  notes.foreign(field, tool.extensions);
  const parameters = tool.parameters;
  const schema =
    parameters === undefined || Object.keys(parameters).length === 0
      ? { type: 'object' }
      : parameters.type === undefined
        ? { type: 'object', ...parameters }
        : parameters;
  return {
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: tool.strict === true ? strictSchema(schema, `${field}.parameters`, notes) : schema,
    ...(tool.strict === undefined ? {} : { strict: tool.strict }),
    ...(tool.cache === undefined ? {} : { cache_control: encodeCacheControl(tool.cache, `${field}.cache`, notes) }),
    ...ownFields(tool.extensions),
  };
}

function encodeChoice(
  choice: ToolChoice | undefined,
  parallel: boolean | undefined,
  hasTools: boolean,
  notes: NoteList,
): JsonObject | undefined {
  if (choice?.type === 'opaque') {
    if (choice.format === FORMAT_ID) return choice.value;
    notes.dropped('toolChoice', `a choice that only ${choice.format} knows`);
    return undefined;
  }
  if (!hasTools) {
    // Anthropic refuses a choice where there is nothing to choose from.
    if (choice !== undefined && choice.type !== 'auto' && choice.type !== 'none') {
      notes.dropped('toolChoice', 'there are no tools');
    }
    if (parallel === false) notes.mapped('parallelToolCalls', 'left out: there are no tools');
    return undefined;
  }
  const type = choiceType(choice);
  if (type === undefined) return parallel === false ? { type: 'auto', disable_parallel_tool_use: true } : undefined;
  if (type.type === 'none' || parallel === undefined) return type;
  return { ...type, disable_parallel_tool_use: !parallel };
}

function choiceType(choice: Exclude<ToolChoice, { type: 'opaque' }> | undefined): JsonObject | undefined {
  if (choice === undefined) return undefined;
  switch (choice.type) {
    case 'required':
      return { type: 'any' };
    case 'tool':
      return { type: 'tool', name: choice.name };
    case 'allowed':
      return { type: choice.mode === 'required' ? 'any' : 'auto' };
    default:
      return { type: choice.type };
  }
}
