import {
  asArray,
  asNumber,
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  type TokenChoice,
  type TokenLogprob,
} from '@signalbox/core';

/** The log probabilities of a candidate: `logprobsResult`, whose two lists go side by side. Undefined where there are none. */
export function readLogprobsResult(value: JsonValue | undefined): readonly TokenLogprob[] | undefined {
  const result = asObject(value);
  if (result === undefined) return undefined;
  const top = asArray(result.topCandidates);
  const tokens = asArray(result.chosenCandidates).flatMap((chosen, place): TokenLogprob[] => {
    const choice = readChoice(chosen);
    if (choice === undefined) return [];
    return [
      { ...choice, alternatives: asArray(asObject(top[place])?.candidates).flatMap((one) => readChoice(one) ?? []) },
    ];
  });
  return tokens.length === 0 ? undefined : tokens;
}

function readChoice(value: JsonValue): TokenChoice | undefined {
  const entry = asObject(value);
  const token = asString(entry?.token);
  const logprob = asNumber(entry?.logProbability);
  return token === undefined || logprob === undefined ? undefined : { token, logprob };
}

/** Fields of a candidate with the log probabilities of another format's answer; none where it has none. */
export function writeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
  if (tokens.length === 0) return {};
  return {
    avgLogprobs: tokens.reduce((sum, { logprob }) => sum + logprob, 0) / tokens.length,
    logprobsResult: {
      chosenCandidates: tokens.map(writeChoice),
      topCandidates: tokens.map(({ alternatives }) => ({ candidates: alternatives.map(writeChoice) })),
    },
  };
}

function writeChoice({ token, logprob }: TokenChoice): JsonObject {
  return { token, logProbability: logprob };
}
