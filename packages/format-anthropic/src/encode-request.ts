import {
  asArray,
  asObject,
  createNoteList,
  type EncodeContext,
  type EncodedRequest,
  type JsonObject,
  type ModelRequest,
  type NoteList,
  pairToolResults,
  plainTools,
  restatedRequest,
} from '@signalbox/core';
import { chooseVersion, rulesOf } from './api-version.ts';
import { neededBetas } from './betas.ts';
import { encodeText } from './encode-block.ts';
import { encodeMessages, isBlankText } from './encode-messages.ts';
import { encodeOutput } from './encode-output.ts';
import { encodeReasoning } from './encode-reasoning.ts';
import { encodeSampling } from './encode-sampling.ts';
import { encodeTools } from './encode-tools.ts';
import { callersForm, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

/** What is asked for where neither the caller nor the catalogue knows a limit: every Claude model can do it. */
const DEFAULT_MAX_TOKENS = 4096;

/** A canonical request as a call of `POST /messages`. Pure: the request is not changed. */
export function encodeRequest(wanted: ModelRequest, context: EncodeContext): EncodedRequest {
  const notes = createNoteList(FORMAT_ID);
  const request = plainTools(
    pairToolResults(restatedRequest(wanted, FORMAT_ID, notes), FORMAT_ID, notes),
    { custom: false, nameLength: 128 },
    notes,
  );
  const own = ownFields(request.extensions);
  const version = chooseVersion(request, context.quirks);
  const rules = rulesOf(version);
  notes.foreign('', request.extensions);
  const maxTokens = encodeMaxTokens(request, context, notes);
  const messages = encodeMessages(request, { systemTurns: systemTurnsAllowed(context), rules }, notes);
  const tools = encodeTools(request, context.capabilities, notes);
  const choice = tools.tool_choice?.type;
  const reasoning = encodeReasoning(
    request,
    context,
    {
      maxTokens,
      forcedTool: choice === 'any' || choice === 'tool',
      loopWithoutThinking: loopWithoutThinking(messages),
    },
    notes,
  );
  const thinks = reasoning.thinking !== undefined && reasoning.thinking.type !== 'disabled';
  const output = encodeOutput(request.output, notes);
  const system = encodeSystem(request, output.instruction, notes);
  const { ownConfig, ownMetadata, ownRest } = splitOwn(own);
  const outputConfig = {
    ...(reasoning.effort === undefined ? {} : { effort: reasoning.effort }),
    ...(output.format === undefined ? {} : { format: output.format }),
    ...asObject(ownConfig),
  };
  const metadata = {
    ...(request.userId === undefined ? {} : { user_id: request.userId }),
    ...asObject(ownMetadata),
  };
  const body: JsonObject = {
    model: context.model,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...tools,
    ...(reasoning.thinking === undefined ? {} : { thinking: reasoning.thinking }),
    ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
    ...encodeSampling(request, context, { thinks, rules }, notes),
    ...encodeStopSequences(request, notes),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...encodeServiceTier(request.serviceTier, notes),
    ...(context.stream ? { stream: true } : {}),
    ...ownRest,
    ...request.providerOptions?.[context.provider],
  };
  noteUnsupported(request, notes);
  const cutAt = request.stopSequences?.filter(isBlank);
  const betas = withCallersBetas(request, neededBetas(body));
  return {
    path: '/messages',
    headers: {
      'anthropic-version': version,
      ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }),
    },
    body,
    notes: notes.notes,
    ...(cutAt === undefined || cutAt.length === 0 ? {} : { cutAt }),
  };
}

const NOTHING_OWN = { ownConfig: undefined, ownMetadata: undefined, ownRest: undefined };

/** The caller's own fields of this format: those that canonical ones are laid under, and the rest. */
function splitOwn(own: ReturnType<typeof ownFields>) {
  if (own === undefined) return NOTHING_OWN;
  const { headers: _headers, thinking: _thinking, output_config: ownConfig, metadata: ownMetadata, ...ownRest } = own;
  return { ownConfig, ownMetadata, ownRest };
}

/** The betas that the body needs, behind those of a caller of this same format: some change an answer without a field in the body. */
function withCallersBetas(request: ModelRequest, needed: readonly string[]): readonly string[] {
  const said = asArray(callersForm(request.extensions)?.betas).filter((beta) => typeof beta === 'string');
  return said.length === 0 ? needed : [...new Set([...said, ...needed])];
}

function encodeMaxTokens(request: ModelRequest, context: EncodeContext, notes: NoteList): number {
  const wanted = request.maxOutputTokens;
  const most = context.maxOutput;
  if (wanted === undefined) {
    if (most !== undefined) return most;
    notes.approximated('maxOutputTokens', `Anthropic wants a limit: ${DEFAULT_MAX_TOKENS} was sent`);
    return DEFAULT_MAX_TOKENS;
  }
  if (most !== undefined && wanted > most) {
    notes.approximated('maxOutputTokens', `${wanted} became ${most}, the most that the model writes`);
    return most;
  }
  return wanted;
}

/** The quirk `midConversationSystem`: `true` for every model, or a regular expression of the models that know it. */
function systemTurnsAllowed(context: EncodeContext): boolean {
  const quirk = context.quirks.midConversationSystem;
  return typeof quirk === 'string' ? new RegExp(quirk).test(context.model) : quirk === true;
}

function encodeSystem(request: ModelRequest, instruction: string | undefined, notes: NoteList): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const [index, part] of request.system.entries()) {
    const block = encodeText(part, `system[${index}]`, notes);
    if (block === undefined) continue;
    if (isBlankText(block)) notes.dropped(`system[${index}]`, 'Anthropic refuses blank instructions');
    else blocks.push(block);
  }
  if (instruction !== undefined) blocks.push({ type: 'text', text: instruction });
  return blocks;
}

/** Whether the last turn answers tool calls of a turn that does not begin with thinking. */
function loopWithoutThinking(messages: readonly JsonObject[]): boolean {
  const last = messages.at(-1);
  if (last?.role !== 'user' || !Array.isArray(last.content)) return false;
  if (!last.content.some((block) => asObject(block)?.type === 'tool_result')) return false;
  const answered = messages.findLast((message) => message.role === 'assistant');
  const first = Array.isArray(answered?.content) ? asObject(answered.content[0])?.type : undefined;
  return first !== 'thinking' && first !== 'redacted_thinking';
}

const isBlank = (sequence: string): boolean => sequence.trim() === '';

function encodeStopSequences(request: ModelRequest, notes: NoteList): JsonObject {
  const wanted = request.stopSequences;
  if (wanted === undefined) return {};
  const kept = wanted.filter((sequence) => !isBlank(sequence));
  if (kept.length < wanted.length) {
    notes.approximated(
      'stopSequences',
      'Anthropic takes no stop sequences of white space: the answer is cut where one comes',
    );
  }
  return kept.length === 0 ? {} : { stop_sequences: kept };
}

function encodeServiceTier(tier: string | undefined, notes: NoteList): JsonObject {
  switch (tier) {
    case undefined:
      return {};
    case 'auto':
    case 'standard_only':
      return { service_tier: tier };
    case 'default':
    case 'standard':
      notes.mapped('serviceTier', `"${tier}" is called "standard_only" at Anthropic`);
      return { service_tier: 'standard_only' };
    case 'priority':
      notes.approximated('serviceTier', '"auto" uses priority capacity where the account has some');
      return { service_tier: 'auto' };
    default:
      notes.dropped('serviceTier', `Anthropic has no tier "${tier}"`);
      return {};
  }
}

function noteUnsupported(request: ModelRequest, notes: NoteList): void {
  if (request.logprobs !== undefined) notes.dropped('logprobs', 'Anthropic gives no log probabilities');
  if (request.candidateCount !== undefined && request.candidateCount > 1) {
    notes.dropped('candidateCount', 'Anthropic gives one answer a request');
  }
  if (request.verbosity !== undefined) notes.dropped('verbosity', 'Anthropic has no such setting');
  if (request.outputModalities?.some((kind) => kind !== 'text') === true) {
    notes.dropped('outputModalities', 'Anthropic answers with text');
  }
  if (request.promptCacheKey !== undefined) {
    notes.approximated('promptCacheKey', 'left out: Anthropic caches by marks in the prompt, not by key');
  }
}
