import { asArray, asNumber, asObject, asString, type JsonObject, type JsonValue } from './json.ts';

/** How likely a model found one token. */
export interface TokenChoice {
  readonly token: string;
  /** Natural logarithm of its probability. */
  readonly logprob: number;
  /** Its bytes in UTF-8, where they are told: a token may be a part of a character. */
  readonly bytes?: readonly number[] | undefined;
}

/** One token of an answer, with the likeliest in its place. */
export interface TokenLogprob extends TokenChoice {
  readonly alternatives: readonly TokenChoice[];
}

/**
 * Reads log probabilities in the shape of OpenAI, which Responses and Ollama have too: `[{ token, logprob, bytes, top_logprobs: [...] }]`. Undefined where there
 * are none.
 */
export function readTokenLogprobs(list: JsonValue | undefined): readonly TokenLogprob[] | undefined {
  const tokens = asArray(list).flatMap((entry): TokenLogprob[] => {
    const choice = readChoice(entry);
    if (choice === undefined) return [];
    const alternatives = asArray(asObject(entry)?.top_logprobs).flatMap((one) => readChoice(one) ?? []);
    return [{ ...choice, alternatives }];
  });
  return tokens.length === 0 ? undefined : tokens;
}

function readChoice(value: JsonValue): TokenChoice | undefined {
  const entry = asObject(value);
  const token = asString(entry?.token);
  const logprob = asNumber(entry?.logprob);
  if (entry === undefined || token === undefined || logprob === undefined) return undefined;
  return { token, logprob, ...(Array.isArray(entry.bytes) ? { bytes: entry.bytes as number[] } : {}) };
}

/** The same, written. Bytes that nobody told are those of the token's text. */
export function writeTokenLogprobs(tokens: readonly TokenLogprob[]): JsonObject[] {
  return tokens.map((one) => ({ ...writeChoice(one), top_logprobs: one.alternatives.map(writeChoice) }));
}

function writeChoice({ token, logprob, bytes }: TokenChoice): JsonObject {
  return { token, logprob, bytes: [...(bytes ?? new TextEncoder().encode(token))] };
}
