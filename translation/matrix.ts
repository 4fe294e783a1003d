import { isDeepStrictEqual } from 'node:util';
import {
  type ModelRequest,
  type ModelResponse,
  ProviderError,
  RouterError,
  type TranslationNote,
} from '../packages/core/src/index.ts';
import { requestLosses, silentLosses } from '../wire-pack/losses/request-losses.ts';
import { responseLosses } from '../wire-pack/losses/response-losses.ts';
import type { RecordedFormat } from '../wire-pack/recorded-format.ts';
import { serverContext } from '../wire-pack/stream.ts';
import { type AnswerConcept, BASE_REQUEST, BASE_RESPONSE, type RequestConcept } from './concept.ts';

/** What becomes of a concept in a format. */
export interface Outcome {
  readonly word: 'mapped' | 'approximated' | 'dropped' | 'refused';
  /** Why it is not simply carried, in the codec's words. */
  readonly reasons: readonly string[];
  /** What is lost and reported nowhere: the promise is that there is nothing. */
  readonly silent: readonly string[];
}

const WORST_FIRST = ['dropped', 'approximated', 'mapped'] as const;

/** Encodes a request that says something in a format and reads it again with the same format. */
export function requestOutcome({ request }: RequestConcept, { format }: RecordedFormat): Outcome {
  const whole: ModelRequest = { ...BASE_REQUEST, ...request };
  const context = { model: 'some-model', stream: false, provider: 'some-provider', quirks: {} };
  try {
    const { body, path, notes } = format.client.encodeRequest(whole, context);
    const back = format.server.decodeRequest(JSON.parse(JSON.stringify(body)), path);
    const silent = silentLosses(requestLosses(whole, back), notes);
    return {
      word: WORST_FIRST.find((action) => notes.some((note) => note.action === action)) ?? 'mapped',
      reasons: unique(notes.map(reasonOf)),
      silent: silent.map(({ field, what }) => `${field}: ${what}`),
    };
  } catch (error) {
    if (!RouterError.is(error)) throw error;
    return { word: 'refused', reasons: [error.message], silent: [] };
  }
}

function reasonOf({ field, action, reason }: TranslationNote): string {
  return `\`${field}\` ${action}: ${reason}`;
}

/** Tells a caller of a format an answer that says something, and reads it as a client does. */
export function answerOutcome({ response, said }: AnswerConcept, { format, answerLimits }: RecordedFormat): Outcome {
  const whole: ModelResponse = { ...BASE_RESPONSE, ...response };
  const body: unknown = JSON.parse(JSON.stringify(format.server.encodeResponse(whole, serverContext())));
  try {
    const back = format.client.decodeResponse(body, { provider: 'some-provider' });
    if (isDeepStrictEqual(said(whole), said(back))) return { word: 'mapped', reasons: [], silent: [] };
    const silent = responseLosses(whole, back, answerLimits);
    const unlimited = responseLosses(whole, back, []);
    const change = `${shown(said(whole))} becomes ${shown(said(back))}`;
    if (unlimited.length === 0) return { word: 'approximated', reasons: [change], silent: [] };
    const because = answerLimits.filter((limit) => {
      return responseLosses(whole, back, [limit]).length < unlimited.length;
    });
    return { word: 'dropped', reasons: because.map((limit) => limit.because), silent };
  } catch (error) {
    if (!ProviderError.is(error) || whole.finish.reason !== 'error') throw error;
    return { word: 'mapped', reasons: [`read as the error: ${error.message}`], silent: [] };
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function unique(reasons: readonly string[]): readonly string[] {
  return [...new Set(reasons)];
}
