import {
  asArray,
  asNumber,
  createResponseFold,
  isJsonObject,
  type ModelResponse,
  type OtherAnswer,
  ProviderError,
} from '@signalbox/core';
import { errorInAnswer, isErrorBody } from '../shared/decode-error.ts';
import { createAnswerReader } from './answer-reader.ts';

/**
 * A whole answer. Throws ProviderError `invalid-response` where the body is not one, and the error itself where one came
 * under a good status. Further choices (`n`) are the `others`.
 */
export function decodeResponse(body: unknown, context: { readonly provider: string }): ModelResponse {
  const { provider } = context;
  if (!isJsonObject(body)) {
    throw new ProviderError({ kind: 'invalid-response', message: 'The answer is not a JSON object.', provider });
  }
  if (isErrorBody(body)) throw errorInAnswer(body, provider);
  const choices = asArray(body.choices).filter(isJsonObject);
  const [first, ...others] = choices;
  if (first === undefined || !(isJsonObject(first.message) || isJsonObject(first.delta))) {
    const message = 'The answer has no choice with a message: it is not a Chat Completions answer.';
    throw new ProviderError({ kind: 'invalid-response', message, provider });
  }
  const main = choices.find((choice) => asNumber(choice.index) === 0) ?? first;
  const { delta: _delta, ...whole } = main;
  const reader = createAnswerReader(provider);
  const fold = createResponseFold();
  const choice = { ...(isJsonObject(main.message) ? whole : main), index: 0 };
  for (const event of reader.read({ ...body, choices: [choice] })) fold.add(event);
  for (const event of reader.finish()) fold.add(event);
  const response = fold.response();
  if (others.length === 0) return response;
  const rest = choices.filter((other) => other !== main);
  const answers = rest.flatMap((other): OtherAnswer[] => {
    if (!(isJsonObject(other.message) || isJsonObject(other.delta))) return [];
    const { parts, finish, extensions } = decodeResponse({ choices: [other] }, context);
    return [{ parts, finish, ...(extensions === undefined ? {} : { extensions }) }];
  });
  return { ...response, others: answers };
}
