import { isDeepStrictEqual } from 'node:util';
import type { FinishReason, ModelResponse, Part, Usage } from '../../packages/core/src/index.ts';
import { sameArguments } from './arguments.ts';

/** Something that callers of one format are not told. Answers carry no notes: what a format has no word for is listed here. */
export interface AnswerLimit {
  readonly what:
    | 'several answers'
    | 'citations'
    | 'log probabilities'
    | 'reasoning usage'
    | 'cache usage'
    | 'cache write usage'
    | 'call ids'
    | FinishReason;
  readonly because: string;
}

/** Reasons that mean the same to a caller: the answer is whole, cut, a call, withheld, or broken. */
const STOP_CLASSES: Readonly<Record<FinishReason, string>> = {
  stop: 'done',
  'stop-sequence': 'done',
  length: 'cut',
  'context-window': 'cut',
  'tool-calls': 'calls',
  refusal: 'withheld',
  'content-filter': 'withheld',
  pause: 'paused',
  error: 'broken',
  other: 'other',
};

/**
 * What an answer says differently after it was written for a caller of a format and read again: text, reasoning, tool calls
 * with those of their ids that must survive, why it ended, the totals of its usage. `limits` are the format's.
 */
export function responseLosses(
  before: ModelResponse,
  after: ModelResponse,
  limits: readonly AnswerLimit[],
  mustSurvive: (id: string) => boolean = (id) => id !== '',
): readonly string[] {
  const limited = new Set<string>(limits.map((limit) => limit.what));
  return [
    ...textLosses(before, after),
    ...(limited.has('several answers') || (before.others?.length ?? 0) === (after.others?.length ?? 0)
      ? []
      : ['the further answers are gone']),
    ...(limited.has('citations') ? [] : citationLosses(before, after)),
    ...(limited.has('log probabilities') ? [] : logprobLosses(before, after)),
    ...callLosses(before, after, limited.has('call ids') ? () => false : mustSurvive),
    ...finishLosses(before, after, limited),
    ...usageLosses(before.usage, after.usage, limited),
  ];
}

function textLosses(before: ModelResponse, after: ModelResponse): string[] {
  const losses: string[] = [];
  for (const type of ['text', 'reasoning'] as const) {
    const was = joined(before.parts, type);
    const is = joined(after.parts, type);
    if (was === is) continue;
    // Where a part is no text a line may stand in its place; the texts themselves must all be there, in order.
    const pieces = before.parts.flatMap((part) => (part.type === type ? [part.text] : []));
    const rest = before.parts.some((part) => !['text', 'reasoning', 'tool-call'].includes(part.type));
    if (!rest || !inOrder(pieces, is)) losses.push(`${type}: ${shown(was)} became ${shown(is)}`);
  }
  return losses;
}

function citationLosses(before: ModelResponse, after: ModelResponse): string[] {
  const pages = ({ parts }: ModelResponse) =>
    parts.flatMap((part) => (part.type === 'text' ? (part.citations ?? []).map(({ url }) => url) : []));
  const kept = new Set(pages(after));
  return pages(before).flatMap((url) => (kept.has(url) ? [] : [`the page ${url} is cited no more`]));
}

function logprobLosses(before: ModelResponse, after: ModelResponse): string[] {
  // JSON has no zero below zero.
  const tokens = ({ parts }: ModelResponse) =>
    parts
      .flatMap((part) => (part.type === 'text' ? (part.logprobs ?? []) : []))
      .map(({ token, logprob }) => [token, logprob || 0]);
  const was = tokens(before);
  return isDeepStrictEqual(was, tokens(after)) ? [] : [`the log probabilities of ${was.length} tokens are gone`];
}

function inOrder(pieces: readonly string[], whole: string): boolean {
  let at = 0;
  for (const piece of pieces) {
    const found = whole.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return true;
}

function callLosses(before: ModelResponse, after: ModelResponse, mustSurvive: (id: string) => boolean): string[] {
  const was = before.parts.filter((part) => part.type === 'tool-call');
  const is = after.parts.filter((part) => part.type === 'tool-call');
  if (was.length !== is.length) return [`tool calls: ${was.length} became ${is.length}`];
  return was.flatMap((call, index) => {
    const other = is[index];
    if (other === undefined) return [];
    const losses: string[] = [];
    if (call.name !== other.name) losses.push(`the name of call ${index}: ${call.name} became ${other.name}`);
    if (!sameArguments(call, other)) {
      losses.push(`the arguments of call ${index}: ${shown(call.arguments)} became ${shown(other.arguments)}`);
    }
    if (mustSurvive(call.id) && call.id !== other.id)
      losses.push(`the id of call ${index}: ${call.id} became ${other.id}`);
    return losses;
  });
}

function finishLosses(before: ModelResponse, after: ModelResponse, limited: ReadonlySet<string>): string[] {
  const was = before.finish.reason;
  const is = after.finish.reason;
  if (STOP_CLASSES[was] === STOP_CLASSES[is] || limited.has(was)) return [];
  return [`the end: ${was} became ${is}`];
}

function usageLosses(before: Usage | undefined, after: Usage | undefined, limited: ReadonlySet<string>): string[] {
  if (before === undefined) return [];
  const was = totals(before, limited);
  const is = totals(after, limited);
  return isDeepStrictEqual(was, is) ? [] : [`usage: ${JSON.stringify(was)} became ${JSON.stringify(is)}`];
}

function totals(usage: Usage | undefined, limited: ReadonlySet<string>): unknown {
  if (usage === undefined) return undefined;
  const noCache = limited.has('cache usage');
  return {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: noCache ? 0 : (usage.cacheReadTokens ?? 0),
    cacheWrite:
      noCache || limited.has('cache write usage')
        ? 0
        : (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0),
    reasoning: limited.has('reasoning usage') ? 0 : (usage.reasoningTokens ?? 0),
  };
}

function joined(parts: readonly Part[], type: 'text' | 'reasoning'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('');
}

function shown(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length <= 80 ? quoted : `${quoted.slice(0, 77)}...`;
}
