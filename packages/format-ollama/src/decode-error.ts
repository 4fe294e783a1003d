import {
  asObject,
  asString,
  ProviderError,
  type ProviderErrorInit,
  type ProviderErrorKind,
  type WireHeaders,
} from '@signalbox/core';

const BY_STATUS: Readonly<Record<number, ProviderErrorKind>> = {
  400: 'invalid-request',
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  409: 'server',
  413: 'request-too-large',
  422: 'invalid-request',
  429: 'rate-limit',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

/** A prompt that doesn't fit, in the words of Ollama's versions and runners. */
export const CONTEXT_LENGTH =
  /exceed(s|ed)? (the )?(max(imum)? |available )?context (length|size|window)|prompt (is )?too long|exceeds the available context/i;

/** Ollama's errors are plain text: where it says more than the status, or where there is no status (in a stream). */
const BY_TEXT: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [CONTEXT_LENGTH, 'context-length'],
  // The request is in order, but there is no such ability in this model: another one may have it, so it isn't `invalid-request`.
  [/does not support (tools|thinking|chat|images|vision|insert|generate)/i, 'not-found'],
  [/think value .* is not supported/i, 'not-found'],
  [/server busy|maximum pending requests|overloaded/i, 'overloaded'],
  [/\b(usage|quota) (limit|exceeded)|insufficient (quota|credits?)/i, 'quota'],
];

/** Only where there is no status: a line of a stream that had begun well. */
const BY_TEXT_ALONE: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [/model .* not found|no such model/i, 'not-found'],
  [/^unauthorized|invalid (api )?key/i, 'authentication'],
  [/rate limit|too many requests/i, 'rate-limit'],
  [/timed? ?out/i, 'timeout'],
];

/** Classifies an error of Ollama's: `{"error": "text"}`. */
export function decodeError(status: number, headers: WireHeaders, body: unknown): ProviderErrorInit {
  const text = errorText(body);
  const retryAfterMs = retryDelay(headers);
  return {
    kind: errorKind(status, text ?? ''),
    message: text === undefined ? `HTTP ${status} without an explanation.` : withRemedy(text),
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The error that stands where an answer or a line of one was expected; undefined where there is none. */
export function answerError(line: Readonly<Record<string, unknown>>, provider: string): ProviderError | undefined {
  if (line.error === undefined || line.error === null || line.error === '') return undefined;
  const text = errorText(line) ?? 'an error without an explanation';
  const found = [...BY_TEXT, ...BY_TEXT_ALONE].find(([pattern]) => pattern.test(text));
  return new ProviderError({ kind: found?.[1] ?? 'server', message: withRemedy(text), provider });
}

/** `{error: "text"}`; behind a proxy `{error: {message}}` or a page. */
function errorText(body: unknown): string | undefined {
  const error = asObject(body)?.error;
  const text = asString(error) ?? asString(asObject(error)?.message) ?? asString(body);
  const first = text?.trim().split('\n', 1)[0]?.trim();
  return first === undefined || first === '' ? undefined : first;
}

function errorKind(status: number, text: string): ProviderErrorKind {
  for (const [pattern, kind] of BY_TEXT) if (pattern.test(text)) return kind;
  const kind = BY_STATUS[status];
  if (kind !== undefined) return kind;
  if (status >= 500) return 'server';
  return status >= 400 ? 'invalid-request' : 'unknown';
}

/** `model "llama3" not found, try pulling it first` becomes a sentence with the command in it. */
function withRemedy(text: string): string {
  const [, name] = /model ["'`]?([^\s"'`]+)["'`]? not found/i.exec(text) ?? [];
  if (name === undefined || text.includes('ollama pull')) return text;
  return `${text.replace(/, try pulling it first\.?$/, '').replace(/\.$/, '')}: run \`ollama pull ${name}\`.`;
}

/** Ollama sends none; its cloud and proxies send seconds. */
function retryDelay(headers: WireHeaders): number | undefined {
  const seconds = Number.parseFloat(headers['retry-after'] ?? '');
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
}
