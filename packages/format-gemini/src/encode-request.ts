import {
  createNoteList,
  type EncodeContext,
  type EncodedRequest,
  entryOf,
  instructionOf,
  type JsonObject,
  type ModelRequest,
  mergeObjects,
  type NoteList,
  pairToolResults,
  plainTools,
  restatedRequest,
  VENDORS_LINE,
} from '@signalbox/core';
import { encodeContents } from './encode-contents.ts';
import { encodeGenerationConfig, MAX_STOP_SEQUENCES } from './encode-generation-config.ts';
import { encodeToolChoice, encodeTools } from './encode-tools.ts';
import { GEMINI } from './gemini-id.ts';
import { encodeMediaResolution } from './media-resolution.ts';
import { methodPath } from './request-path.ts';

/** Google's service tiers, and the names that other formats have for the same. */
const TIERS: Readonly<Record<string, string>> = {
  standard: 'standard',
  flex: 'flex',
  priority: 'priority',
  default: 'standard',
  standard_only: 'standard',
};

/** Writes a request for `generateContent` or `streamGenerateContent`. The model stands in the path. */
export function encodeRequest(wanted: ModelRequest, context: EncodeContext): EncodedRequest {
  const notes = createNoteList(GEMINI);
  const restated = restatedRequest(wanted, GEMINI, notes);
  const plain = plainTools(pairToolResults(restated, GEMINI, notes), { custom: false }, notes);
  const { request, mediaResolution } = encodeMediaResolution(plain, notes);
  const body: JsonObject = {};
  const contents = encodeContents(request, context.model, notes);
  const system = systemText(request, notes);
  if (system !== undefined && contents.length === 0) {
    notes.approximated('system[0]', 'Gemini needs a user turn: the system text is sent as one');
    contents.push({ role: 'user', parts: [{ text: system }] });
  } else if (system !== undefined) body.systemInstruction = { parts: [{ text: system }] };
  body.contents = contents;
  const tools = encodeTools(request, context.model, notes);
  if (tools !== undefined) body.tools = tools;
  const choice = encodeToolChoice(request, notes);
  if (choice !== undefined) body.toolConfig = { functionCallingConfig: choice };
  const config = encodeGenerationConfig(request, context, notes);
  if (config !== undefined || mediaResolution !== undefined) {
    body.generationConfig = { ...config, ...(mediaResolution === undefined ? {} : { mediaResolution }) };
  }
  Object.assign(body, encodeTier(request.serviceTier, notes));
  noteUncarried(request, notes);
  const own = request.extensions?.[GEMINI];
  const options = request.providerOptions?.[context.provider];
  const cutAt = request.stopSequences?.slice(MAX_STOP_SEQUENCES) ?? [];
  return {
    path: methodPath(context.model, context.stream),
    headers: {},
    body: mergeObjects(own === undefined ? body : mergeObjects(body, own), options ?? {}),
    notes: notes.notes,
    ...(cutAt.length === 0 ? {} : { cutAt }),
  };
}

/** Google joins the parts of a system instruction in its own way: one text is what the caller meant. */
function systemText(request: ModelRequest, notes: NoteList): string | undefined {
  for (const [index, part] of request.system.entries()) {
    if (instructionOf(part) !== part) notes.mapped(`system[${index}]`, VENDORS_LINE);
    if (part.cache !== undefined) notes.approximated(`system[${index}].cache`, 'Gemini caches prompts by itself');
    notes.foreign(`system[${index}]`, part.extensions);
  }
  const instructions = request.system.flatMap((part) => instructionOf(part) ?? []);
  return instructions.length === 0 ? undefined : instructions.map((part) => part.text).join('\n\n');
}

function encodeTier(tier: string | undefined, notes: NoteList): JsonObject {
  if (tier === undefined || tier === 'auto') return {};
  const known = entryOf(TIERS, tier.toLowerCase());
  if (known !== undefined && known !== tier) notes.mapped('serviceTier', `"${tier}" is "${known}" at Google`);
  if (known !== undefined) return { serviceTier: known };
  notes.dropped('serviceTier', `Gemini has no tier "${tier}"`);
  return {};
}

function noteUncarried(request: ModelRequest, notes: NoteList): void {
  if (request.parallelToolCalls === false) {
    notes.dropped('parallelToolCalls', "Gemini can't be kept from calling several tools at once");
  }
  if (request.userId !== undefined)
    notes.approximated('userId', 'left out: Gemini takes no id of a user, and no answer depends on it');
  if (request.promptCacheKey !== undefined) notes.approximated('promptCacheKey', 'Gemini caches prompts by itself');
  if (request.verbosity !== undefined) notes.dropped('verbosity', 'Gemini has no such setting');
  notes.foreign('', request.extensions);
}
