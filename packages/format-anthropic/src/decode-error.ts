import {
  asObject,
  asString,
  entryOf,
  headerRetryAfterMs,
  type JsonObject,
  type ProviderErrorInit,
  type ProviderErrorKind,
  type WireHeaders,
} from '@signalbox/core';
import { KIND_BY_MESSAGE, KIND_BY_TYPE, kindByStatus } from './error-types.ts';
import { FORMAT_ID } from './format-id.ts';

/** A page of a proxy's is cut to this many characters. */
const LONGEST_TEXT = 500;

/** Classifies an error answer: by its text where that tells more, by Anthropic's error type, else by the status. */
export function decodeError(status: number, headers: WireHeaders, body: unknown): ProviderErrorInit {
  const fromBody = errorFromBody(status, body);
  const wait = headerRetryAfterMs(headers);
  const requestId = fromBody.requestId ?? headers['request-id'];
  return {
    ...fromBody,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** The error that a body or a stream's error event tells of. `status`: undefined within a stream. */
export function errorFromBody(status: number | undefined, value: unknown): ProviderErrorInit {
  const body = asObject(value);
  // Servers that only speak like Anthropic write `{error: "text"}` or `{message}`.
  const error = asObject(body?.error) ?? body;
  const type = asString(error?.type);
  const message = messageOf(status, value, body, error);
  const details = asObject(error?.details);
  const code = asString(details?.error_code) ?? type;
  const requestId = asString(body?.request_id);
  return {
    kind: classify(status, type, message),
    message,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(details === undefined ? {} : { extensions: { [FORMAT_ID]: { details } } }),
  };
}

function messageOf(
  status: number | undefined,
  value: unknown,
  body: JsonObject | undefined,
  error: JsonObject | undefined,
): string {
  const text = asString(error?.message) ?? asString(body?.error) ?? asString(value)?.trim();
  if (text !== undefined && text !== '' && !text.startsWith('<')) {
    return text.length > LONGEST_TEXT && typeof value === 'string' ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  }
  return status === undefined ? 'The provider sent an error without a message.' : `The provider answered ${status}.`;
}

function classify(status: number | undefined, type: string | undefined, message: string): ProviderErrorKind {
  const byType = type === undefined ? undefined : entryOf(KIND_BY_TYPE, type);
  if (byType === 'invalid-request' || byType === undefined) {
    const byMessage = KIND_BY_MESSAGE.find(([pattern]) => pattern.test(message));
    if (byMessage !== undefined) return byMessage[1];
  }
  // `api_error` says nothing that the status does not say better.
  if (byType !== undefined && !(byType === 'server' && status !== undefined)) return byType;
  if (status !== undefined) return kindByStatus(status);
  return byType ?? 'unknown';
}
