import type { JsonObject } from './json.ts';
import type { CustomTool, FunctionTool, Message, ModelRequest, OpaqueTool, Tool, ToolChoice } from './model-request.ts';
import type { NoteList } from './note-list.ts';
import type { Part } from './part.ts';
import { plainToolName } from './tool-name.ts';

/** What a format can offer beside functions. */
export interface ToolKinds {
  /** Tools that take a text. */
  readonly custom: boolean;
  /** Groups of tools (Responses). */
  readonly groups?: boolean | undefined;
  /** Letters, digits, `_` and `-` of a name at most; absent: names are taken as they are. */
  readonly nameLength?: number | undefined;
  /** Names of tools that the provider has of its own: they stay as they are. */
  readonly ownNames?: ReadonlySet<string> | undefined;
}

/** The one argument that stands for the text of a free-text tool. */
export const CUSTOM_TOOL_ARGUMENT = 'input';

/** The name of a tool of a group where there are no groups. */
export function spokenToolName({ name, namespace }: Pick<FunctionTool, 'name' | 'namespace'>): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

/** A request whose tools are functions, or what a provider runs. */
export interface FunctionRequest extends ModelRequest {
  readonly tools?: readonly (FunctionTool | OpaqueTool)[] | undefined;
}

type Report = Pick<NoteList, 'mapped' | 'approximated'>;

/**
 * A request for a format without groups of tools, and perhaps without free-text tools: groups become part of the names, free-text tools
 * functions with one text argument. The same request where it has neither. The router puts both right again in the answer, so that
 * the caller gets a call of the tool it offered.
 */
export function plainTools(
  request: ModelRequest,
  kinds: ToolKinds & { readonly custom: false },
  notes: Report,
): FunctionRequest;
export function plainTools(request: ModelRequest, kinds: ToolKinds, notes: Report): ModelRequest;
export function plainTools(request: ModelRequest, kinds: ToolKinds, notes: Report): ModelRequest {
  if (isPlain(request, kinds)) return request;
  const { tools, toolChoice } = request;
  const plain = tools?.map((tool, index) => plainTool(tool, `tools[${index}]`, kinds, notes));
  const offered = new Set(tools?.map((tool) => (tool.type === 'opaque' ? '' : tool.name)));
  const messages = request.messages.map((message) => plainMessage(message, kinds));
  noteRenamed(request.messages, messages, offered, notes);
  return {
    ...request,
    messages,
    ...(plain === undefined ? {} : { tools: plain }),
    ...(toolChoice === undefined ? {} : { toolChoice: plainChoice(toolChoice, tools ?? [], kinds) }),
  };
}

/** Whether there is nothing to do, as nearly always: found out without a list or a set for each request. */
function isPlain({ tools, messages }: ModelRequest, kinds: ToolKinds): boolean {
  for (const tool of tools ?? []) if (!isPlainTool(tool, kinds)) return false;
  for (const { parts } of messages) {
    for (const part of parts) if (plainPart(part, kinds) !== part) return false;
  }
  return true;
}

function isPlainTool(tool: Tool, kinds: ToolKinds): boolean {
  if (tool.type === 'opaque') return true;
  if (tool.type === 'custom' && !kinds.custom) return false;
  return (tool.namespace === undefined || kinds.groups === true) && plainName(tool.name, kinds) === tool.name;
}

function plainTool(tool: Tool, field: string, kinds: ToolKinds, notes: Report): Tool {
  if (tool.type === 'opaque') return tool;
  const { namespace, ...named } = tool;
  if (kinds.groups === true && namespace !== undefined) return withPlainName(tool, field, kinds, notes);
  const spoken = spokenToolName(tool);
  const name = plainName(spoken, kinds);
  if (namespace !== undefined) notes.mapped(field, `offered as "${name}": there are no groups of tools`);
  else if (name !== spoken) notes.mapped(field, `offered as "${name}": ${nameRule(kinds)}`);
  if (named.type === 'custom' && !kinds.custom) {
    notes.approximated(field, `a free-text tool is offered as a function of one text, "${CUSTOM_TOOL_ARGUMENT}"`);
    return asFunction({ ...named, name });
  }
  return name === tool.name && namespace === undefined ? tool : { ...named, name };
}

function withPlainName<Named extends FunctionTool | CustomTool>(
  tool: Named,
  field: string,
  kinds: ToolKinds,
  notes: Report,
): Named {
  const name = plainName(tool.name, kinds);
  if (name === tool.name) return tool;
  notes.mapped(field, `offered as "${name}": ${nameRule(kinds)}`);
  return { ...tool, name };
}

function plainName(name: string, { nameLength, ownNames }: ToolKinds): string {
  return nameLength === undefined || ownNames?.has(name) === true ? name : plainToolName(name, nameLength);
}

function nameRule({ nameLength }: ToolKinds): string {
  return `names are made of letters, digits, _ and -, ${nameLength} at most`;
}

/** A choice names tools without their group. */
function plainChoice(choice: ToolChoice, tools: readonly Tool[], kinds: ToolKinds): ToolChoice {
  const spoken = (name: string): string => {
    const named = tools.filter((tool) => tool.type !== 'opaque').filter((tool) => tool.name === name);
    const tool = named.find((one) => one.namespace === undefined) ?? named[0] ?? { name };
    return plainName(kinds.groups === true ? tool.name : spokenToolName(tool), kinds);
  };
  if (choice.type === 'tool') return { ...choice, name: spoken(choice.name) };
  return choice.type === 'allowed' ? { ...choice, names: choice.names.map(spoken) } : choice;
}

/** A free-text tool as a function. The model is told the grammar, though nobody holds it to it. */
function asFunction({ name, description, grammar, cache, extensions }: CustomTool): FunctionTool {
  const text: JsonObject = { type: 'string', description: 'The whole input of the tool, as plain text.' };
  const rule =
    grammar === undefined ? undefined : `The input must follow this ${grammar.syntax} grammar:\n${grammar.definition}`;
  const whole = [description, rule].filter((piece) => piece !== undefined && piece !== '').join('\n\n');
  return {
    type: 'function',
    name,
    ...(whole === '' ? {} : { description: whole }),
    parameters: {
      type: 'object',
      properties: { [CUSTOM_TOOL_ARGUMENT]: text },
      required: [CUSTOM_TOOL_ARGUMENT],
      additionalProperties: false,
    },
    ...(cache === undefined ? {} : { cache }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

function plainMessage(message: Message, kinds: ToolKinds): Message {
  if (message.parts.every((part) => plainPart(part, kinds) === part)) return message;
  return { ...message, parts: message.parts.map((part) => plainPart(part, kinds)) };
}

/** Calls of tools that are not offered any more, under another name: nothing else says so. */
function noteRenamed(
  before: readonly Message[],
  after: readonly Message[],
  offered: ReadonlySet<string>,
  notes: Report,
) {
  for (const [index, { parts }] of after.entries()) {
    if (parts === before[index]?.parts) continue;
    for (const [place, part] of parts.entries()) {
      const was = before[index]?.parts[place];
      if (part.type !== 'tool-call' || was?.type !== 'tool-call' || was.name === part.name || offered.has(was.name))
        continue;
      notes.mapped(`messages[${index}].parts[${place}].name`, `"${was.name}" is called "${part.name}" here`);
    }
  }
}

/** A call or a result under the name that its tool is offered by; the very same where that is its own. */
function plainPart(part: Part, kinds: ToolKinds): Part {
  if (part.type === 'tool-call') {
    const isGrouped = part.namespace !== undefined && kinds.groups !== true;
    const name = plainName(isGrouped ? spokenToolName(part) : part.name, kinds);
    if (!isGrouped) return name === part.name ? part : { ...part, name };
    const { namespace: _namespace, ...call } = part;
    return { ...call, name };
  }
  if (part.type !== 'tool-result' || part.name === undefined) return part;
  const name = plainName(part.name, kinds);
  return name === part.name ? part : { ...part, name };
}
