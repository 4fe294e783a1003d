import { isDeepStrictEqual } from 'node:util';
import type { Extensions, Message, ModelRequest, Part, Tool, TranslationNote } from '../packages/core/src/index.ts';
import { sameArguments } from './arguments.ts';

/** Something that a request said and that the request made of it does not say. */
export interface Loss {
  /** Where it stood, in the spelling of translation notes: `messages[3].parts[0].cache`. */
  readonly field: string;
  readonly what: string;
}

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
  for (const field of ['maxOutputTokens', 'logprobs', 'userId', 'promptCacheKey'] as const) {
    compareValue(field, before[field], after[field], lose);
  }
  for (const field of ['parallelToolCalls', 'candidateCount', 'serviceTier'] as const) {
    if (before[field] !== DEFAULTS[field]) compareValue(field, before[field], after[field], lose);
  }
  if (before.toolChoice?.type !== 'auto') compareValue('toolChoice', before.toolChoice, after.toolChoice, lose);
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

type Lose = (field: string, what: string) => void;

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
      else comparePart(part, place, after, lose);
    }
  }
}

/** A text must stand in a turn of the same role, and not before the text that it came after. */
function compareText(
  message: Message,
  part: Part & { type: 'text' },
  field: string,
  after: ModelRequest,
  order: Record<Message['role'], number>,
  lose: Lose,
): void {
  const wanted = part.text.trim();
  if (wanted === '' && part.extensions === undefined) return;
  const { role } = message;
  const found = after.messages.findIndex(
    (one, at) => at >= order[role] && one.role === role && textOf(one.parts).includes(wanted),
  );
  if (found === -1) {
    lose(field, shown(part.text));
    return;
  }
  order[role] = found;
  const same = after.messages[found]?.parts.filter((one) => one.type === 'text' && one.text.includes(wanted)) ?? [];
  if (part.refusal === true && !same.some((one) => one.type === 'text' && one.refusal === true)) {
    lose(`${field}.refusal`, 'the mark of a refusal');
  }
  comparePartFields(part, same, field, lose);
}

function comparePart(part: Exclude<Part, { type: 'text' }>, field: string, after: ModelRequest, lose: Lose): void {
  const all = after.messages.flatMap((message) => message.parts);
  const everything = all.flatMap((one): Part[] => (one.type === 'tool-result' ? [one, ...one.content] : [one]));
  switch (part.type) {
    case 'tool-call': {
      const same = all.filter((one) => one.type === 'tool-call' && one.id === part.id);
      const [call] = same;
      if (call?.type !== 'tool-call' || call.name !== part.name)
        return lose(field, `the call of ${part.name} (${part.id})`);
      if (!sameArguments(part, call)) lose(`${field}.arguments`, shown(part.arguments));
      if ((part.kind ?? 'function') !== (call.kind ?? 'function')) lose(`${field}.kind`, part.kind ?? 'function');
      if (part.signature !== undefined) compareValue(`${field}.signature`, part.signature, call.signature, lose);
      return comparePartFields(part, same, field, lose);
    }
    case 'tool-result': {
      const same = all.filter((one) => one.type === 'tool-result' && one.callId === part.callId);
      const [result] = same;
      if (result?.type !== 'tool-result') return lose(field, `the result of ${part.callId}`);
      for (const [index, piece] of part.content.entries()) {
        const place = `${field}.content[${index}]`;
        if (piece.type !== 'text') comparePart(piece, place, after, lose);
        else if (!sameText(textOf(result.content), piece.text)) lose(place, shown(piece.text));
        else comparePartFields(piece, result.content, place, lose);
      }
      if (part.isError === true && result.isError !== true) lose(`${field}.isError`, 'the mark of a failed tool');
      return comparePartFields(part, same, field, lose);
    }
    case 'reasoning': {
      const same = all.filter((one) => one.type === 'reasoning' && one.text === part.text);
      if (part.text !== '' && same.length === 0) lose(field, shown(part.text));
      for (const key of ['signature', 'encrypted'] as const) {
        const kept = all.some((one) => one.type === 'reasoning' && isDeepStrictEqual(one[key], part[key]));
        if (part[key] !== undefined && !kept) lose(`${field}.${key}`, `what ${part[key].issuer} signed`);
      }
      return;
    }
    case 'opaque':
      if (!everything.some((one) => one.type === 'opaque' && isDeepStrictEqual(one.value, part.value))) {
        lose(field, `a part of ${part.format}`);
      }
      return;
    default: {
      const same = everything.filter((one) => one.type === part.type && isDeepStrictEqual(bare(one), bare(part)));
      if (same.length === 0) return lose(field, `${part.type} (${part.source.kind})`);
      if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto') {
        if (!same.some((one) => one.type === 'image' && one.detail === part.detail))
          lose(`${field}.detail`, part.detail);
      }
      for (const key of ['title', 'context'] as const) {
        if (part.type !== 'document' || part[key] === undefined) continue;
        if (!same.some((one) => one.type === 'document' && one[key] === part[key])) lose(`${field}.${key}`, part[key]);
      }
      comparePartFields(part, same, field, lose);
    }
  }
}

/** A source as far as it must survive; the media type may be found again from the address or the bytes. */
function bare(part: Part): unknown {
  if (!('source' in part)) return undefined;
  const { source } = part;
  switch (source.kind) {
    case 'base64':
      return [source.data, part.type === 'image' ? undefined : source.mediaType];
    case 'url':
      return source.url;
    case 'file':
      return source.fileId;
    case 'text':
      return source.text;
  }
}

/** Cache marks and fields of one format alone: some part that says the same must carry them too. */
function comparePartFields(part: Part, same: readonly Part[], field: string, lose: Lose): void {
  if (part.type === 'opaque') return;
  const { cache, extensions } = part;
  if (cache !== undefined) {
    const kept = same.some((one) => one.type !== 'opaque' && one.cache !== undefined && one.cache.ttl === cache.ttl);
    if (!kept) lose(`${field}.cache`, `a cache mark${cache.ttl === undefined ? '' : ` of ${cache.ttl}`}`);
  }
  const merged = Object.assign({}, ...same.map((one) => (one.type === 'opaque' ? undefined : one.extensions)));
  compareExtensions(field, extensions, merged, lose);
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
  const same = tools.find((one) => one.type === 'function' && one.name === tool.name);
  if (same?.type !== 'function') return lose(field, `the tool ${tool.name}`);
  compareValue(`${field}.description`, tool.description || undefined, same.description, lose);
  compareValue(`${field}.parameters`, schemaOf(tool.parameters), schemaOf(same.parameters), lose);
  compareValue(`${field}.strict`, tool.strict || undefined, same.strict, lose);
  if (tool.cache !== undefined) compareValue(`${field}.cache`, tool.cache, same.cache, lose);
  compareExtensions(field, tool.extensions, same.extensions, lose);
}

/** No schema, an empty one and that of an object without members mean the same: no arguments. */
function schemaOf(parameters: unknown): unknown {
  return { type: 'object', properties: {}, ...(parameters as object | undefined) };
}

function compareMembers(
  field: 'output' | 'reasoning' | 'sampling',
  before: ModelRequest,
  after: ModelRequest,
  lose: Lose,
) {
  const kept: Record<string, unknown> = { ...after[field] };
  for (const [key, value] of Object.entries(before[field] ?? {}))
    compareValue(`${field}.${key}`, value, kept[key], lose);
}

function compareExtensions(field: string, before: Extensions | undefined, after: Extensions | undefined, lose: Lose) {
  for (const [format, fields] of Object.entries(before ?? {})) {
    for (const [key, value] of Object.entries(fields)) {
      const place = `extensions.${format}.${key}`;
      compareValue(field === '' ? place : `${field}.${place}`, value, after?.[format]?.[key], lose);
    }
  }
}

function compareValue(field: string, before: unknown, after: unknown, lose: Lose): void {
  if (before === undefined || isDeepStrictEqual(plain(before), plain(after))) return;
  lose(field, after === undefined ? shown(before) : `${shown(before)} became ${shown(after)}`);
}

/** Without members that are undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

/** A tool's result is text; where it is JSON, its spelling may change. */
function sameText(whole: string, piece: string): boolean {
  if (whole.includes(piece.trim())) return true;
  try {
    return isDeepStrictEqual(JSON.parse(whole), JSON.parse(piece));
  } catch {
    return false;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
