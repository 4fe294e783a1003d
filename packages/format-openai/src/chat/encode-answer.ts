import {
  asObject,
  type JsonObject,
  type JsonValue,
  type OpaquePart,
  type Part,
  shortDigest,
  type TextPart,
  type ToolCallPart,
  writeTokenLogprobs,
} from '@signalbox/core';
import { urlFromSource } from '../shared/media.ts';
import { waveFile } from '../shared/wave-file.ts';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';

/** What an answer's extension fields say about its message, its choice and its top. */
export interface AnswerExtensions {
  readonly top: JsonObject;
  readonly choice: JsonObject;
  /** Its end, in a word that has no canonical one. */
  readonly reason: JsonValue | undefined;
  readonly message: JsonObject;
  /** Figures of its usage that the canonical form has no place for. */
  readonly usage: JsonObject;
}

/** Own fields of an answer, each where it belongs. */
export function splitExtensions(extensions: Readonly<Record<string, JsonObject>> | undefined): AnswerExtensions {
  const { choice, message, usage, ...top } = ownFields(extensions);
  const { logprobs, refusalLogprobs, ...messageFields } = asObject(message) ?? {};
  const { finish_reason: reason, ...choiceFields } = asObject(choice) ?? {};
  return {
    top,
    reason,
    choice: { ...choiceFields, ...logprobsField({ logprobs, refusalLogprobs }) },
    message: messageFields,
    usage: asObject(usage) ?? {},
  };
}

/** A choice's `logprobs` from the flat form in which they are joined. */
export function logprobsField(fields: JsonObject): { logprobs?: JsonObject } {
  const { logprobs, refusalLogprobs } = fields;
  if (logprobs === undefined && refusalLogprobs === undefined) return {};
  return { logprobs: { content: logprobs ?? null, refusal: refusalLogprobs ?? null } };
}

/** A text's own log probabilities, or those of another format. */
export function tokensOf({ logprobs }: Pick<TextPart, 'logprobs'>, own: JsonObject): JsonObject {
  if (logprobs === undefined || own.logprobs !== undefined || own.refusalLogprobs !== undefined) return own;
  return { ...own, logprobs: writeTokenLogprobs(logprobs) };
}

/**
 * A tool call as it stands in an answer. Only Google signs calls: a caller gets the signature where Google's own endpoint for this
 * format has it, and can send it back.
 */
export function answerCall(part: Pick<ToolCallPart, 'id' | 'name' | 'arguments' | 'kind' | 'signature'>): JsonObject {
  const { id, name, signature } = part;
  const extra = signature === undefined ? {} : { extra_content: { google: { thought_signature: signature.value } } };
  if (part.kind === 'custom') return { id, type: 'custom', custom: { name, input: part.arguments }, ...extra };
  return { id, type: 'function', function: { name, arguments: part.arguments }, ...extra };
}

/** Fields of a message for media and for blocks of this format; undefined for what this format can't show. */
export function answerMedia(part: Part, whole = true): JsonObject | undefined {
  if (part.type === 'image') {
    const url = urlFromSource(part.source);
    // OpenRouter's form, which clients that show pictures know.
    return url === undefined ? undefined : { images: [{ type: 'image_url', image_url: { url } }] };
  }
  if (part.type === 'audio' && part.source.kind === 'base64') {
    // In pieces OpenAI gives sound as raw samples, whole as a file.
    const data = (whole ? waveFile(part.source) : undefined) ?? part.source.data;
    // Nobody keeps the sound: it can't be asked for again by its id.
    return { audio: { id: `audio_${shortDigest(data)}`, data, transcript: '', expires_at: 0 } };
  }
  if (part.type === 'opaque') return opaqueFields(part, whole);
  return undefined;
}

function opaqueFields(part: OpaquePart, whole: boolean): JsonObject | undefined {
  if (part.format === 'canonical') {
    const isMedia = part.value.type === 'image' || part.value.type === 'audio';
    return isMedia ? answerMedia(part.value as unknown as Part, whole) : undefined;
  }
  if (part.format !== FORMAT_ID) return undefined;
  const audio = part.value.type === 'audio' ? asObject(part.value.audio) : undefined;
  return audio === undefined ? { content: [part.value] } : { audio };
}
