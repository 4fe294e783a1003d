import {
  asArray,
  type JsonObject,
  type JsonValue,
  type ModelResponse,
  type OtherAnswer,
  restatedAnswer,
  type ServerContext,
  type TextPart,
} from '@signalbox/core';
import { citationFields } from '../shared/citations.ts';
import { answerCall, answerMedia, logprobsField, splitExtensions, tokensOf } from './encode-answer.ts';
import { ownFields } from './extensions.ts';
import { encodeFinish } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import { encodeUsage } from './usage.ts';

/** A response as a `chat.completion`. Reasoning becomes `reasoning_content`, which most clients know. */
export function encodeResponse(response: ModelResponse, context: ServerContext): JsonObject {
  const extensions = splitExtensions(response.extensions);
  const { message, logprobs, refused } = encodeMessage(restatedAnswer(response, FORMAT_ID).parts);
  return {
    id: response.id ?? context.createId(),
    object: 'chat.completion',
    created: response.createdAt ?? Math.floor(context.now() / 1000),
    model: response.model ?? context.model,
    choices: [
      {
        index: 0,
        message: { ...message, ...extensions.message },
        logprobs: null,
        ...extensions.choice,
        ...logprobsField(logprobs),
        finish_reason: encodeFinish(response.finish, refused, extensions.reason),
      },
      ...(response.others ?? []).map(encodeOther),
    ],
    ...(response.usage === undefined ? {} : { usage: encodeUsage(response.usage, extensions.usage) }),
    ...extensions.top,
  };
}

/** A further answer, behind the first. */
function encodeOther(other: OtherAnswer, place: number): JsonObject {
  const { message, logprobs, refused } = encodeMessage(restatedAnswer(other, FORMAT_ID).parts);
  const extensions = splitExtensions(other.extensions);
  return {
    index: place + 1,
    message: { ...message, ...extensions.message },
    logprobs: null,
    ...extensions.choice,
    ...logprobsField(logprobs),
    finish_reason: encodeFinish(other.finish, refused, extensions.reason),
  };
}

function encodeMessage(parts: ModelResponse['parts']) {
  const texts: string[] = [];
  const content: JsonValue[] = [];
  const refusals: string[] = [];
  const reasoning: string[] = [];
  const calls: JsonObject[] = [];
  const annotations: JsonValue[] = [];
  const logprobs: JsonObject = {};
  const media: JsonObject = {};
  let mixed = false;
  // Of the texts so far: annotations count from the beginning of the message.
  let length = 0;
  for (const part of parts) {
    if (part.type === 'text') {
      const fields = tokensOf(part, ownFields(part.extensions) as JsonObject);
      if (fields.annotations !== undefined) annotations.push(...asArray(fields.annotations));
      else annotations.push(...urlCitations(part, length));
      for (const key of ['logprobs', 'refusalLogprobs']) {
        if (fields[key] !== undefined) logprobs[key] = [...asArray(logprobs[key]), ...asArray(fields[key])];
      }
      if (part.refusal === true) refusals.push(part.text);
      else {
        length += part.text.length;
        texts.push(part.text);
        content.push({ type: 'text', text: part.text });
      }
    } else if (part.type === 'reasoning') reasoning.push(part.text);
    else if (part.type === 'tool-call') {
      // Clients parse the arguments: no text at all is not JSON.
      const empty = part.arguments === '' && part.kind !== 'custom';
      calls.push(answerCall(empty ? { ...part, arguments: '{}' } : part));
    } else {
      for (const [key, value] of Object.entries(answerMedia(part) ?? {})) {
        if (key === 'content') {
          mixed = true;
          content.push(...asArray(value));
        } else media[key] = Array.isArray(value) ? [...asArray(media[key]), ...value] : value;
      }
    }
  }
  const refused = refusals.length > 0;
  const text = texts.length > 0 || (calls.length === 0 && !refused) ? texts.join('') : null;
  const thought = reasoning.join('');
  return {
    refused,
    logprobs,
    message: {
      role: 'assistant',
      content: mixed ? content : text,
      refusal: refused ? refusals.join('') : null,
      ...(thought === '' ? {} : { reasoning_content: thought }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(annotations.length === 0 ? {} : { annotations }),
      ...media,
    },
  };
}

function urlCitations({ citations = [], text }: TextPart, offset: number): JsonObject[] {
  return citations.map((one) => ({ type: 'url_citation', url_citation: citationFields(one, text.length, offset) }));
}
