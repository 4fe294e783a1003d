import {
  asArray,
  asObject,
  asString,
  type Extensions,
  type Finish,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Usage,
} from '@signalbox/core';
import { finishReasonName, isKnownReason, readBlock, readFinish } from './finish-reason.ts';
import { GEMINI } from './gemini-id.ts';
import { readUsage, usageRest } from './usage-metadata.ts';

/** What is known of an answer beside its parts. Filled chunk by chunk: figures are cumulative, the last one wins. */
export interface AnswerState {
  id: string | undefined;
  model: string | undefined;
  /** Unix seconds. */
  createdAt: number | undefined;
  metadata: JsonObject | undefined;
  searches: number;
  finishName: string | undefined;
  finishMessage: string | undefined;
  block: Finish | undefined;
  hasCalls: boolean;
  /** Whether a candidate came at all. */
  hasCandidate: boolean;
  /** Candidates beside the first, as they came in the last chunk. */
  others: readonly JsonObject[];
  /** Fields of Google's own: of the answer, and of its candidate. */
  answer: JsonObject;
  candidate: JsonObject;
}

const NONE: readonly JsonObject[] = [];

export function createAnswerState(): AnswerState {
  return {
    id: undefined,
    model: undefined,
    createdAt: undefined,
    metadata: undefined,
    searches: 0,
    finishName: undefined,
    finishMessage: undefined,
    block: undefined,
    hasCalls: false,
    hasCandidate: false,
    others: NONE,
    answer: {},
    candidate: {},
  };
}

/** Takes one GenerateContentResponse in; returns the parts of its first candidate. */
export function readAnswer(state: AnswerState, chunk: JsonObject): readonly JsonValue[] {
  for (const [key, value] of Object.entries(chunk)) {
    switch (key) {
      case 'candidates':
        break;
      case 'usageMetadata':
        state.metadata = asObject(value) ?? state.metadata;
        break;
      case 'modelVersion':
        state.model = asString(value) ?? state.model;
        break;
      case 'responseId':
        state.id = asString(value) ?? state.id;
        break;
      case 'promptFeedback':
        state.block = readBlock(asObject(value)) ?? state.block;
        state.answer.promptFeedback = value;
        break;
      case 'createTime': {
        const time = Date.parse(asString(value) ?? '');
        if (!Number.isNaN(time)) state.createdAt = Math.floor(time / 1000);
        state.answer.createTime = value;
        break;
      }
      default:
        state.answer[key] = value;
    }
  }
  const candidates = asArray(chunk.candidates);
  const first = candidates.map(asObject).find((candidate) => (candidate?.index ?? 0) === 0);
  state.others = candidates.length > (first === undefined ? 0 : 1) ? othersOf(candidates, first) : NONE;
  return first === undefined ? [] : readCandidate(state, first);
}

function othersOf(candidates: readonly JsonValue[], first: JsonObject | undefined): readonly JsonObject[] {
  return candidates.filter(isJsonObject).filter((candidate) => candidate !== first);
}

function readCandidate(state: AnswerState, candidate: JsonObject): readonly JsonValue[] {
  state.hasCandidate = true;
  for (const [key, value] of Object.entries(candidate)) {
    switch (key) {
      case 'content':
        break;
      case 'finishReason': {
        const name = finishReasonName(value);
        // Proto's zero value: no reason yet.
        if (name !== undefined && name !== 'FINISH_REASON_UNSPECIFIED') state.finishName = name;
        break;
      }
      case 'finishMessage':
        state.finishMessage = asString(value) ?? state.finishMessage;
        break;
      case 'index':
        break;
      case 'groundingMetadata':
        state.searches = Math.max(state.searches, asArray(asObject(value)?.webSearchQueries).length);
        state.candidate.groundingMetadata = value;
        break;
      default:
        state.candidate[key] = value;
    }
  }
  // A part without anything in it says nothing.
  return asArray(asObject(candidate.content)?.parts).filter(
    (part) => !isJsonObject(part) || Object.keys(part).length > 0,
  );
}

/** The finish, once it is known. */
export function answerFinish(state: AnswerState): Finish | undefined {
  if (state.finishName !== undefined) return readFinish(state.finishName, state.finishMessage, state.hasCalls);
  return state.block;
}

export function answerUsage(state: AnswerState): Usage | undefined {
  return state.metadata === undefined ? undefined : readUsage(state.metadata, state.searches);
}

/** What only Google knows of the answer: `candidate` holds the candidate's fields, `usageMetadata` the figures' details. */
export function answerExtensions(state: AnswerState): Extensions | undefined {
  const own: JsonObject = { ...state.answer };
  const { finishName } = state;
  const unknown = finishName === undefined || isKnownReason(finishName) ? {} : { finishReason: finishName };
  const candidate = { ...state.candidate, ...unknown };
  if (Object.keys(candidate).length > 0) own.candidate = candidate;
  const rest = state.metadata === undefined ? undefined : usageRest(state.metadata);
  if (rest !== undefined) own.usageMetadata = rest;
  return Object.keys(own).length === 0 ? undefined : { [GEMINI]: own };
}
