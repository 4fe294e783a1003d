import { asObject, type JsonObject } from '@signalbox/core';
import { numberedWords, plainAnswer, reasoningText, toolResultAnswer } from './answer-text.ts';
import type { BadUsage, Behaviour, SimulatedFinish } from './behaviour.ts';
import { sampleFromSchema } from './json-sample.ts';
import { createRandom, hashParts, type SeededRandom } from './random.ts';
import type { SimulatedReply, SimulatedToolCall, SimulatedUsage } from './simulated-reply.ts';
import type { SimulatedRequest } from './simulated-request.ts';
import { countTokens, limitTokens, TOKENS_PER_ATTACHMENT } from './token-count.ts';

export interface ReplyContext {
  readonly seed: number;
  /** Unix milliseconds. */
  readonly now: number;
  readonly cache: { readonly cacheRead: number; readonly cacheWrite: number };
}

/** Makes the answer to a request. The same request, behaviour and seed give the same words, calls, ids and counts. */
export function composeReply(request: SimulatedRequest, behaviour: Behaviour, context: ReplyContext): SimulatedReply {
  const identity = hashParts(context.seed, request.model, ...request.segments.map((segment) => segment.text));
  const random = createRandom(identity);
  const toolCalls = chooseToolCalls(request, behaviour, random);
  const reasoned = request.reasoning !== 'none' || (behaviour.reasoningTokens ?? 0) > 0;
  const budget = request.maxTokens ?? Number.POSITIVE_INFINITY;
  // Reasoning counts against the limit in every format: it gets half of a small one.
  const reasoning = reasoned ? limitTokens(reasoningText(request.prompt), Math.floor(budget / 2)) : undefined;
  const reasoningTokens = behaviour.reasoningTokens ?? countTokens(reasoning ?? '');
  const spoken = toolCalls.length > 0 && behaviour.text === undefined ? '' : speak(request, behaviour, context, random);
  const ended = endText(spoken, request, Math.max(0, budget - countTokens(reasoning ?? '')));
  const finish = behaviour.finish ?? (toolCalls.length > 0 ? 'tool-calls' : ended.finish);
  return {
    model: request.model,
    createdAt: context.now,
    text: ended.text,
    reasoning,
    toolCalls,
    finish: behaviour.noFinish ? undefined : finish,
    stopSequence: finish === 'stop-sequence' ? (ended.stopSequence ?? request.stop[0]) : undefined,
    usage: behaviour.noUsage
      ? undefined
      : countUsage(request, behaviour, context.cache, { text: ended.text, toolCalls, reasoningTokens }),
    reasoningField: behaviour.reasoningField,
    createRandom: () => createRandom(`ids ${identity}`),
  };
}

/** Tokens that a request counts as input. */
export function countInput(request: SimulatedRequest): number {
  const text = request.segments.reduce((sum, segment) => sum + countTokens(segment.text), 0);
  return Math.max(1, text + request.attachments * TOKENS_PER_ATTACHMENT);
}

function speak(request: SimulatedRequest, behaviour: Behaviour, context: ReplyContext, random: SeededRandom): string {
  const whole = wholeText(request, behaviour, context, random);
  // A prefill is continued where it is the beginning of the answer, as a model would.
  return request.prefill && whole.startsWith(request.prefill) ? whole.slice(request.prefill.length) : whole;
}

function wholeText(
  request: SimulatedRequest,
  behaviour: Behaviour,
  context: ReplyContext,
  random: SeededRandom,
): string {
  if (behaviour.text !== undefined) return behaviour.text;
  if (behaviour.words !== undefined)
    return numberedWords(behaviour.words, createRandom(hashParts(context.seed, 'words')));
  if (request.output === 'json')
    return JSON.stringify({
      simulated: true,
      model: request.model,
      answer: plainAnswer(request.model, request.prompt, random),
    });
  if (request.output !== 'text') return JSON.stringify(sampleFromSchema(request.output.schema, random));
  // Not from the running generator: with a prefill the same answer has to come out as without.
  const own = createRandom(hashParts(context.seed, request.model, request.prompt));
  return request.toolResults.length > 0
    ? toolResultAnswer(request.model, request.toolResults, own)
    : plainAnswer(request.model, request.prompt, own);
}

/** Applies stop sequences, then the limit. */
function endText(
  text: string,
  request: SimulatedRequest,
  budget: number,
): { readonly text: string; readonly finish: SimulatedFinish; readonly stopSequence?: string | undefined } {
  let end = text.length;
  let stopSequence: string | undefined;
  for (const stop of request.stop) {
    const at = stop === '' ? -1 : text.indexOf(stop);
    if (at !== -1 && at < end) {
      end = at;
      stopSequence = stop;
    }
  }
  const stopped = text.slice(0, end);
  if (countTokens(stopped) > budget) return { text: limitTokens(stopped, budget), finish: 'length' };
  return stopSequence === undefined
    ? { text: stopped, finish: 'stop' }
    : { text: stopped, finish: 'stop-sequence', stopSequence };
}

function chooseToolCalls(
  request: SimulatedRequest,
  behaviour: Behaviour,
  random: SeededRandom,
): readonly SimulatedToolCall[] {
  const schemaOf = (name: string): JsonObject => request.tools.find((tool) => tool.name === name)?.parameters ?? {};
  const call = (name: string): SimulatedToolCall => ({ name, arguments: sampleArguments(schemaOf(name), random) });
  // A call that is wanted is made once: after its result comes text, or an agent would never end.
  if (behaviour.toolCall !== undefined && request.toolResults.length === 0)
    return behaviour.toolCall.map((wanted) =>
      wanted.arguments ? { name: wanted.name, arguments: wanted.arguments } : call(wanted.name),
    );
  if (behaviour.text !== undefined || behaviour.words !== undefined) return [];
  const { tools, toolChoice } = request;
  if (tools.length === 0 || toolChoice === 'none' || request.toolResults.length > 0) return [];
  if (typeof toolChoice === 'object') return [call(toolChoice.name)];
  const named = tools.filter((tool) => mentions(request.prompt, tool.name));
  const first = named[0] ?? (toolChoice === 'required' ? tools[0] : undefined);
  if (!first) return [];
  return (request.parallelTools && named.length > 1 ? named : [first]).map((tool) => call(tool.name));
}

function sampleArguments(schema: JsonObject, random: SeededRandom): JsonObject {
  return asObject(sampleFromSchema({ type: 'object', ...schema }, random)) ?? {};
}

/** Whether a text names a tool, as a word of its own. */
function mentions(text: string, name: string): boolean {
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  if (at === -1) return false;
  const wordCharacter = /[\p{L}\p{N}_-]/u;
  return !wordCharacter.test(text[at - 1] ?? ' ') && !wordCharacter.test(text[at + name.length] ?? ' ');
}

const sameCount = (tokens: number): SimulatedUsage => ({
  inputTokens: tokens,
  cacheRead: tokens,
  cacheWrite: tokens,
  outputTokens: tokens,
  reasoningTokens: tokens,
});

// JSON writes what is no number as null.
const BAD_USAGES: Readonly<Record<BadUsage, SimulatedUsage>> = {
  negative: sameCount(-7),
  null: sameCount(Number.NaN),
};

interface WrittenAnswer {
  readonly text: string;
  readonly toolCalls: readonly SimulatedToolCall[];
  readonly reasoningTokens: number;
}

function countUsage(
  request: SimulatedRequest,
  behaviour: Behaviour,
  cache: ReplyContext['cache'],
  { text, toolCalls, reasoningTokens }: WrittenAnswer,
): SimulatedUsage {
  const calls = toolCalls.reduce((sum, call) => sum + countTokens(call.name + JSON.stringify(call.arguments)), 0);
  const cacheRead = behaviour.cacheRead ?? cache.cacheRead;
  const cacheWrite = behaviour.cacheWrite ?? cache.cacheWrite;
  if (behaviour.badUsage !== undefined) return BAD_USAGES[behaviour.badUsage];
  return {
    inputTokens: Math.max(behaviour.inputTokens ?? countInput(request), cacheRead + cacheWrite),
    cacheRead,
    cacheWrite,
    outputTokens: Math.max(behaviour.outputTokens ?? countTokens(text) + calls + reasoningTokens, reasoningTokens),
    reasoningTokens,
  };
}
