import {
  asArray,
  asNumber,
  asObject,
  asString,
  entryOf,
  headerRetryAfterMs,
  isJsonObject,
  type JsonObject,
  type ProviderErrorInit,
  type ProviderErrorKind,
  parseWireDuration,
  type WireHeaders,
} from '@signalbox/core';
import { readReason } from './error-reason.ts';

/** Google's status words. What has several meanings is looked at more closely first. */
const BY_STATUS: Readonly<Record<string, ProviderErrorKind>> = {
  INVALID_ARGUMENT: 'invalid-request',
  FAILED_PRECONDITION: 'invalid-request',
  OUT_OF_RANGE: 'invalid-request',
  UNAUTHENTICATED: 'authentication',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'not-found',
  ALREADY_EXISTS: 'invalid-request',
  RESOURCE_EXHAUSTED: 'rate-limit',
  CANCELLED: 'server',
  ABORTED: 'server',
  UNKNOWN: 'server',
  INTERNAL: 'server',
  UNAVAILABLE: 'overloaded',
  DEADLINE_EXCEEDED: 'timeout',
  UNIMPLEMENTED: 'invalid-request',
};

const BY_CODE: Readonly<Record<number, ProviderErrorKind>> = {
  400: 'invalid-request',
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  409: 'server',
  429: 'rate-limit',
  499: 'server',
  503: 'overloaded',
  504: 'timeout',
};

/** Texts that say more than the status: Google has no code for them. */
const BY_TEXT: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [
    /API[ _]key (not valid|not found|expired|invalid)|API_KEY_INVALID|pass a valid API key|unregistered callers/i,
    'authentication',
  ],
  [
    /input token count.*exceeds|exceeds the maximum number of (input )?tokens|input context is too long/i,
    'context-length',
  ],
  [/request payload size exceeds|request (entity )?too large/i, 'request-too-large'],
  // FAILED_PRECONDITION stands beside both: it is the account that may not, and another provider may.
  [/user location is not supported|free tier is not available in your country/i, 'permission'],
];

/** A quota that waiting a minute does not refill: a day's, a spent credit, one of zero. */
const SPENT = /PerDay|per day|\blimit: 0\b|billing account|credits? (are|is|have been) (depleted|exhausted)|prepay/i;

/** Classifies an error of Google's: `{error: {code, message, status, details}}`, sometimes wrapped in an array. */
export function decodeError(status: number, headers: WireHeaders, body: unknown): ProviderErrorInit {
  const error = errorObject(body);
  const message =
    asString(error?.message) ?? (typeof body === 'string' && body.trim() !== '' ? body.trim() : undefined);
  const word = asString(error?.status);
  const code = asNumber(error?.code) ?? status;
  const details = asArray(error?.details).filter(isJsonObject);
  const reason = details.map((detail) => asString(detail.reason)).find((found) => found !== undefined);
  const retryAfterMs = retryDelay(details, headers, message);
  return {
    kind: errorKind({
      code: status === 0 ? code : status,
      word,
      reason,
      message: message ?? '',
      details,
      retryAfterMs,
    }),
    message: message === undefined ? `HTTP ${code} without an explanation.` : withoutKeys(message),
    status: status === 0 ? code : status,
    ...(reason === undefined && word === undefined ? {} : { code: reason ?? word }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

function errorObject(body: unknown): JsonObject | undefined {
  const first = Array.isArray(body) ? body[0] : body;
  return asObject(asObject(first)?.error);
}

/** What an error says, read. */
interface Told {
  /** HTTP status, or the error's own where there is none (in a stream). */
  readonly code: number;
  readonly word: string | undefined;
  readonly reason: string | undefined;
  readonly message: string;
  readonly details: readonly JsonObject[];
  readonly retryAfterMs: number | undefined;
}

function errorKind(error: Told): ProviderErrorKind {
  const { code, word, reason, message, details } = error;
  const told = readReason(details);
  if (told !== undefined) return told;
  if (reason === 'API_KEY_INVALID' || reason === 'API_KEY_EXPIRED') return 'authentication';
  for (const [pattern, kind] of BY_TEXT) if (pattern.test(message)) return kind;
  // INVALID_ARGUMENT stands beside it.
  if (code === 413) return 'request-too-large';
  const kind = (word === undefined ? undefined : entryOf(BY_STATUS, word)) ?? BY_CODE[code];
  if (kind === 'rate-limit') return isSpent(error) ? 'quota' : 'rate-limit';
  if (kind !== undefined) return kind;
  if (code >= 500) return 'server';
  return code >= 400 ? 'invalid-request' : 'unknown';
}

function isSpent({ message, details, retryAfterMs }: Told): boolean {
  const violations = details.flatMap((detail) => asArray(detail.violations)).map(asObject);
  const quotas = violations.map((violation) => asString(violation?.quotaId) ?? '');
  if (SPENT.test(message) || quotas.some((quota) => SPENT.test(quota))) return true;
  // The same words stand before the quota of a minute; that one is named, and so is the wait.
  return /exceeded your current quota/i.test(message) && quotas.length === 0 && retryAfterMs === undefined;
}

/** Google says how long to wait in the body (`RetryInfo.retryDelay: "37s"`), at times in a header or in words. */
function retryDelay(
  details: readonly JsonObject[],
  headers: WireHeaders,
  message: string | undefined,
): number | undefined {
  const written = details.map((detail) => asString(detail.retryDelay)).find((found) => found !== undefined);
  const inWords = /retry in ((?:[\d.]+(?:ms|[smh]))+)/i.exec(message ?? '')?.[1];
  return parseWireDuration(written ?? '') ?? headerRetryAfterMs(headers) ?? parseWireDuration(inWords ?? '');
}

/** Google names the key in some messages (`Consumer 'api_key:AIza...' has been suspended.`). */
function withoutKeys(message: string): string {
  return message.replace(/api_key:[^\s'"]+/gi, 'api_key:***').replace(/\bAIza[\w-]{20,}/g, '***');
}
