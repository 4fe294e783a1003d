import { isDeepStrictEqual } from 'node:util';
import {
  type Message,
  type ModelRequest,
  type Part,
  type ReasoningPart,
  spokenToolName,
  type ToolCallPart,
  type ToolResultPart,
} from '../../packages/core/src/index.ts';
import { sameArguments } from './arguments.ts';
import { compareExtensions, compareValue, type Lose, shown } from './loss.ts';

/** A text must stand in a turn of the same role, and not before the text that it came after. */
export function compareText(
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
  // Where nothing was said before it, an instruction is the system prompt.
  const isFirst = field.startsWith('messages[0].') && role === 'system';
  if (isFirst && after.system.some((one) => one.text.includes(wanted))) return;
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

type Carrier = Exclude<Part, { type: 'text' }>;
type Media = Extract<Part, { readonly source: unknown }>;

/** Compares a part that is no text with what stands anywhere in the other request. */
export function comparePart(part: Carrier, field: string, after: readonly Part[], lose: Lose): void {
  switch (part.type) {
    case 'tool-call':
      compareCall(part, field, after, lose);
      return;
    case 'tool-result':
      compareResult(part, field, after, lose);
      return;
    case 'reasoning':
      compareReasoning(part, field, after, lose);
      return;
    case 'opaque': {
      const kept = everything(after).some((one) => one.type === 'opaque' && isDeepStrictEqual(one.value, part.value));
      if (!kept && part.restated !== true) lose(field, `a part of ${part.format}`);
      return;
    }
    default:
      compareMedia(part, field, after, lose);
  }
}

/** Parts, and those inside of tool results. */
function everything(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part): Part[] => (part.type === 'tool-result' ? [part, ...part.content] : [part]));
}

function compareCall(part: ToolCallPart, field: string, after: readonly Part[], lose: Lose): void {
  // Where there is no id, the call is known by its name.
  const sameName = (one: ToolCallPart) => spokenToolName(one) === spokenToolName(part);
  const call = after.find((one) => {
    return one.type === 'tool-call' && (part.id === '' ? sameName(one) : one.id === part.id);
  });
  if (call?.type !== 'tool-call' || !sameName(call)) {
    lose(field, `the call of ${part.name} (${part.id})`);
    return;
  }
  if (!sameArguments(part, call)) lose(`${field}.arguments`, shown(part.arguments));
  if ((part.kind ?? 'function') !== (call.kind ?? 'function')) lose(`${field}.kind`, part.kind ?? 'function');
  if (part.signature !== undefined) compareValue(`${field}.signature`, part.signature, call.signature, lose);
  comparePartFields(part, [call], field, lose);
}

function compareResult(part: ToolResultPart, field: string, after: readonly Part[], lose: Lose): void {
  const result = after.find((one) => {
    if (one.type !== 'tool-result') return false;
    return part.callId === '' ? textOf(one.content) === textOf(part.content) : one.callId === part.callId;
  });
  if (result?.type !== 'tool-result') {
    lose(field, `the result of ${part.callId}`);
    return;
  }
  for (const [index, piece] of part.content.entries()) {
    const place = `${field}.content[${index}]`;
    if (piece.type !== 'text') comparePart(piece, place, after, lose);
    else if (!sameText(textOf(result.content), piece.text)) lose(place, shown(piece.text));
    else comparePartFields(piece, result.content, place, lose);
  }
  if (part.isError === true && result.isError !== true) lose(`${field}.isError`, 'the mark of a failed tool');
  // A mark on the result may stand on its content.
  comparePartFields(part, [result, ...result.content], field, lose);
}

function compareReasoning(part: ReasoningPart, field: string, after: readonly Part[], lose: Lose): void {
  const thoughts = after.map((one) => (one.type === 'reasoning' ? one.text : '')).join('');
  if (!thoughts.includes(part.text)) lose(field, shown(part.text));
  for (const key of ['signature', 'encrypted'] as const) {
    const proof = part[key];
    // OpenAI has one field for both kinds of proof.
    const kept = after.some(
      (one) =>
        one.type === 'reasoning' &&
        (isDeepStrictEqual(one.signature, proof) || isDeepStrictEqual(one.encrypted, proof)),
    );
    if (proof !== undefined && !kept) lose(`${field}.${key}`, `what ${proof.issuer} signed`);
  }
}

function compareMedia(part: Media, field: string, after: readonly Part[], lose: Lose): void {
  const same = everything(after).filter((one) => one.type === part.type && isDeepStrictEqual(bare(one), bare(part)));
  if (same.length === 0) {
    lose(field, `${part.type} (${part.source.kind})`);
    return;
  }
  const carries = (key: 'detail' | 'title' | 'context', value: string) =>
    same.some((one) => key in one && (one as unknown as Record<string, unknown>)[key] === value);
  const detail = part.type === 'image' && part.detail !== 'auto' ? part.detail : undefined;
  if (detail !== undefined && !carries('detail', detail)) lose(`${field}.detail`, detail);
  for (const key of ['title', 'context'] as const) {
    const value = part.type === 'document' ? part[key] : undefined;
    if (value !== undefined && !carries(key, value)) lose(`${field}.${key}`, value);
  }
  comparePartFields(part, same, field, lose);
}

/** A source as far as it must survive; the media type may be found again from the address or the bytes. */
function bare(part: Part): unknown {
  if (!('source' in part)) return undefined;
  const { source } = part;
  switch (source.kind) {
    case 'base64':
      // A text document is its text.
      if (part.type === 'document' && source.mediaType.startsWith('text/')) {
        return Buffer.from(source.data, 'base64').toString();
      }
      return part.type === 'document' ? [source.data, source.mediaType] : source.data;
    case 'url':
      return source.url;
    case 'file':
      return source.fileId;
    case 'text':
      return source.text;
  }
}

/** Cache marks and fields of one format alone: some part that says the same must carry them too. */
export function comparePartFields(part: Part, same: readonly Part[], field: string, lose: Lose): void {
  if (part.type === 'opaque') return;
  const { cache, extensions } = part;
  if (cache !== undefined) {
    const kept = same.some((one) => one.type !== 'opaque' && one.cache !== undefined && one.cache.ttl === cache.ttl);
    if (!kept) lose(`${field}.cache`, `a cache mark${cache.ttl === undefined ? '' : ` of ${cache.ttl}`}`);
  }
  const merged = Object.assign({}, ...same.map((one) => (one.type === 'opaque' ? undefined : one.extensions)));
  compareExtensions(field, extensions, merged, lose);
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

/** A tool's result is text; where it is JSON, its spelling may change. */
function sameText(whole: string, piece: string): boolean {
  if (whole.includes(piece.trim()) || (piece.trim() === '{}' && whole === '')) return true;
  try {
    return isDeepStrictEqual(JSON.parse(whole), JSON.parse(piece));
  } catch {
    return false;
  }
}
