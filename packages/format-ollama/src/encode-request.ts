import {
  createNoteList,
  type EncodeContext,
  type EncodedRequest,
  type JsonObject,
  type ModelRequest,
  mergeObjects,
  type NoteList,
  namedSchema,
  pairToolResults,
  plainTools,
  restatedRequest,
} from '@signalbox/core';
import { encodeMessages } from './encode-messages.ts';
import { encodeOptions } from './encode-options.ts';
import { encodeThink } from './encode-think.ts';
import { encodeTools } from './encode-tools.ts';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** Path of the chat method, below the server's root. */
export const CHAT_PATH = '/api/chat';

/** Writes a request for `/api/chat`. */
export function encodeRequest(wanted: ModelRequest, context: EncodeContext): EncodedRequest {
  const notes = createNoteList(OLLAMA_CHAT);
  const request = plainTools(
    pairToolResults(restatedRequest(wanted, OLLAMA_CHAT, notes), OLLAMA_CHAT, notes),
    { custom: false },
    notes,
  );
  const own = request.extensions?.[OLLAMA_CHAT];
  const body: JsonObject = {
    model: context.model,
    messages: encodeMessages(request, context.provider, notes),
    // Streaming is what Ollama does unless told otherwise.
    stream: context.stream,
  };
  const tools = encodeTools(request, notes);
  if (tools !== undefined) body.tools = tools;
  const format = encodeFormat(request, notes);
  if (format !== undefined) body.format = format;
  const think = encodeThink(request.reasoning, context, own !== undefined, notes);
  if (think !== undefined) body.think = think;
  const options = encodeOptions(request, context, notes);
  if (options !== undefined) body.options = options;
  if (request.logprobs !== undefined) {
    body.logprobs = true;
    if (request.logprobs.alternatives > 0) body.top_logprobs = request.logprobs.alternatives;
  }
  // Without this Ollama cuts a prompt that is longer than its (small) context window, and says nothing. A caller who speaks
  // Ollama's format has said what to do, or wants what Ollama does.
  if (own === undefined) body.truncate = false;
  noteUncarried(request, notes);
  return {
    path: CHAT_PATH,
    headers: {},
    body: mergeObjects(
      own === undefined ? body : mergeObjects(body, own),
      request.providerOptions?.[context.provider] ?? {},
    ),
    notes: notes.notes,
  };
}

function encodeFormat(request: ModelRequest, notes: NoteList): JsonObject | 'json' | undefined {
  const { output } = request;
  if (output === undefined) return undefined;
  if (output.type === 'json') return 'json';
  if (output.strict !== undefined) notes.mapped('output.strict', 'Ollama always keeps to the schema');
  return namedSchema(output, notes);
}

function noteUncarried(request: ModelRequest, notes: NoteList): void {
  if (request.parallelToolCalls === false) {
    notes.dropped('parallelToolCalls', "Ollama can't be kept from calling several tools at once");
  }
  if (request.userId !== undefined)
    notes.approximated('userId', 'left out: Ollama takes no id of a user, and no answer depends on it');
  if (request.promptCacheKey !== undefined) notes.approximated('promptCacheKey', 'Ollama reuses prompts by itself');
  if (request.verbosity !== undefined) notes.dropped('verbosity', 'Ollama has no such setting');
  if (request.outputModalities?.some((kind) => kind !== 'text') === true) {
    notes.dropped('outputModalities', 'Ollama answers with text');
  }
  if (request.serviceTier !== undefined && request.serviceTier !== 'auto') {
    notes.dropped('serviceTier', 'Ollama has no service tiers');
  }
  notes.foreign('', request.extensions);
}
