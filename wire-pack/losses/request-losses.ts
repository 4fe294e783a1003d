import { isDeepStrictEqual } from 'node:util';
import { type ModelRequest, spokenToolName, type Tool, type TranslationNote } from '../../packages/core/src/index.ts';
import { compareExtensions, compareValue, type Lose, type Loss, plain, shown } from './loss.ts';
import { comparePart, comparePartFields, compareText } from './part-losses.ts';

/** Values that say the same as no value. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  parallelToolCalls: true,
  candidateCount: 1,
  serviceTier: 'auto',
};

/**
 * What a translation lost: `after` is `before`, encoded by a format and decoded again by the same format. What was added
 * is no loss; what was changed is.
 */
export function requestLosses(before: ModelRequest, after: ModelRequest): readonly Loss[] {
  const losses: Loss[] = [];
  const lose = (field: string, what: string) => void losses.push({ field, what });
  compareSystem(before, after, lose);
  compareMessages(before, after, lose);
  compareTools(before, after, lose);
  for (const field of [
    'maxOutputTokens',
    'logprobs',
    'userId',
    'promptCacheKey',
    'verbosity',
    'outputModalities',
  ] as const) {
    compareValue(field, before[field], after[field], lose);
  }
  for (const field of ['parallelToolCalls', 'candidateCount', 'serviceTier'] as const) {
    if (before[field] !== DEFAULTS[field]) compareValue(field, before[field], after[field], lose);
  }
  if (before.toolChoice?.type !== 'auto') {
    compareValue('toolChoice', choiceOf(before.toolChoice), choiceOf(after.toolChoice), lose);
  }
  for (const field of ['output', 'reasoning', 'sampling'] as const) compareMembers(field, before, after, lose);
  for (const [index, sequence] of (before.stopSequences ?? []).entries()) {
    if (after.stopSequences?.includes(sequence) !== true) lose(`stopSequences[${index}]`, JSON.stringify(sequence));
  }
  compareExtensions('', before.extensions, after.extensions, lose);
  return losses;
}

/** The losses that no note speaks of. A note on all of `messages`, `system` or `tools` is too vague to count. */
export function silentLosses(losses: readonly Loss[], notes: readonly TranslationNote[]): readonly Loss[] {
  return losses.filter(({ field }) => !notes.some((note) => speaksOf(note.field, field)));
}

const VAGUE: ReadonlySet<string> = new Set(['messages', 'system', 'tools', '']);

function speaksOf(note: string, field: string): boolean {
  if (VAGUE.has(note)) return false;
  return note === field || isBelow(note, field) || isBelow(field, note);
}

function isBelow(inner: string, outer: string): boolean {
  return inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
}

function compareSystem(before: ModelRequest, after: ModelRequest, lose: Lose): void {
  const text = after.system.map((part) => part.text).join('\n\n');
  for (const [index, part] of before.system.entries()) {
    const field = `system[${index}]`;
    if (!text.includes(part.text.trim())) lose(field, shown(part.text));
    const same = after.system.filter((one) => one.text.includes(part.text.trim()));
    comparePartFields(part, same, field, lose);
  }
}

function compareMessages(before: ModelRequest, after: ModelRequest, lose: Lose): void {
  const parts = after.messages.flatMap((message) => message.parts);
  const order = { user: 0, assistant: 0, system: 0 };
  for (const [index, message] of before.messages.entries()) {
    const field = `messages[${index}]`;
    if (message.name !== undefined && !after.messages.some((one) => one.name === message.name)) {
      lose(`${field}.name`, message.name);
    }
    compareExtensions(
      field,
      message.extensions,
      Object.assign({}, ...after.messages.map((one) => one.extensions)),
      lose,
    );
    for (const [partIndex, part] of message.parts.entries()) {
      const place = `${field}.parts[${partIndex}]`;
      if (part.type === 'text') compareText(message, part, place, after, order, lose);
      else comparePart(part, place, parts, lose);
    }
  }
}

function compareTools(before: ModelRequest, after: ModelRequest, lose: Lose): void {
  for (const [index, tool] of (before.tools ?? []).entries()) compareTool(tool, `tools[${index}]`, after, lose);
}

function compareTool(tool: Tool, field: string, after: ModelRequest, lose: Lose): void {
  const tools = after.tools ?? [];
  if (tool.type === 'opaque') {
    const kept = tools.some((one) => one.type === 'opaque' && isDeepStrictEqual(one.value, tool.value));
    if (!kept) lose(field, `a tool of ${tool.format}`);
    return;
  }
  // A group of tools may stand in the names. What was lost with another kind of tool, a note on the tool must say.
  const named = tools.find((one) => one.type !== 'opaque' && spokenToolName(one) === spokenToolName(tool));
  const same = named?.type === tool.type ? named : undefined;
  if (same === undefined) {
    lose(field, `the tool ${tool.name}`);
    return;
  }
  compareValue(`${field}.description`, tool.description || undefined, same.description, lose);
  if (tool.type === 'custom' && same.type === 'custom')
    compareValue(`${field}.grammar`, tool.grammar, same.grammar, lose);
  if (tool.type === 'function' && same.type === 'function') {
    compareValue(`${field}.parameters`, schemaOf(tool.parameters), schemaOf(same.parameters), lose);
    compareValue(`${field}.strict`, tool.strict || undefined, same.strict, lose);
  }
  if (tool.cache !== undefined) compareValue(`${field}.cache`, tool.cache, same.cache, lose);
  compareExtensions(field, tool.extensions, same.extensions, lose);
}

/** No schema, an empty one and that of an object without members mean the same: no arguments. */
function schemaOf(parameters: unknown): unknown {
  const written = { type: 'object', properties: {}, ...(parameters as object | undefined) };
  const schema = withTypeOfNull(written) as Record<string, unknown>;
  const { properties, additionalProperties, required, $schema: _dialect, ...rest } = schema;
  const empty = isDeepStrictEqual(properties ?? {}, {}) && (additionalProperties ?? false) === false;
  return empty && isDeepStrictEqual(required ?? [], []) ? rest : schema;
}

/** OpenAPI's `nullable` is a type of JSON Schema. */
function withTypeOfNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withTypeOfNull);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = schema as Record<string, unknown>;
  const members = Object.entries(rest).map(([key, value]) => [key, withTypeOfNull(value)]);
  const respelled = Object.fromEntries(members) as Record<string, unknown>;
  if (typeof nullable === 'object') respelled.nullable = withTypeOfNull(nullable);
  if (nullable === true && typeof rest.type === 'string') respelled.type = [rest.type, 'null'];
  return respelled;
}

function compareMembers(
  field: 'output' | 'reasoning' | 'sampling',
  before: ModelRequest,
  after: ModelRequest,
  lose: Lose,
) {
  const kept: Record<string, unknown> = { ...after[field] };
  if (field === 'reasoning' && isOff(before.reasoning) && isOff(after.reasoning)) return;
  for (const [key, value] of Object.entries(before[field] ?? {})) {
    // 1 is what these are where nobody sets them.
    if (field === 'sampling' && (key === 'temperature' || key === 'topP') && value === 1) continue;
    // Reasoning that is not to be shown is not shown where nobody asks for it.
    if (field === 'reasoning' && key === 'display' && value === 'omitted' && kept.display === undefined) continue;
    if (key.endsWith('Penalty') && value === 0) continue;
    if (key === 'schema' && sameSchema(value, kept.schema, before.output)) continue;
    compareValue(`${field}.${key}`, value, kept[key], lose);
  }
}

/** The schema, with the name and the description of the output inside where it had none of its own. */
function sameSchema(before: unknown, after: unknown, output: ModelRequest['output']): boolean {
  const { name, description } = { name: 'response', description: undefined, ...output };
  return isDeepStrictEqual(
    plain({ title: name, description, ...(before as object) }),
    plain({ title: name, description, ...(after as object) }),
  );
}

/** One of a list of one is that one. */
function choiceOf(choice: ModelRequest['toolChoice']): unknown {
  const [name, ...others] = choice?.type === 'allowed' && choice.mode === 'required' ? choice.names : [];
  return name === undefined || others.length > 0 ? choice : { type: 'tool', name };
}

/** No reasoning is said as a mode or as an effort. */
function isOff(reasoning: ModelRequest['reasoning']): boolean {
  return reasoning?.mode === 'off' || reasoning?.effort === 'none';
}
