import {
  asObject,
  asString,
  entryOf,
  isJsonObject,
  type JsonObject,
  ProviderError,
  type ProviderErrorInit,
  type ProviderErrorKind,
  type WireHeaders,
} from '@signalbox/core';
import { retryAfterMs } from '../shared/retry-after.ts';

/** Codes and types that say more than the status does. */
const CODES: Readonly<Record<string, ProviderErrorKind>> = {
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  API_KEY_INVALID: 'authentication',
  UNAUTHENTICATED: 'authentication',
  permission_error: 'permission',
  permission_denied: 'permission',
  PERMISSION_DENIED: 'permission',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  insufficient_balance: 'quota',
  rate_limit_exceeded: 'rate-limit',
  rate_limit_error: 'rate-limit',
  RateLimitReached: 'rate-limit',
  RESOURCE_EXHAUSTED: 'rate-limit',
  model_not_found: 'not-found',
  not_found_error: 'not-found',
  DeploymentNotFound: 'not-found',
  context_length_exceeded: 'context-length',
  request_too_large: 'request-too-large',
  content_filter: 'content-filter',
  content_policy_violation: 'content-filter',
  ResponsibleAIPolicyViolation: 'content-filter',
  image_content_policy_violation: 'content-filter',
  misalignment_policy_violation: 'content-filter',
  bio_policy: 'content-filter',
  // Inside an answer there is no status to say that the request itself was at fault.
  invalid_prompt: 'invalid-request',
  invalid_image: 'invalid-request',
  invalid_image_format: 'invalid-request',
  invalid_image_url: 'invalid-request',
  invalid_base64_image: 'invalid-request',
  unsupported_image_media_type: 'invalid-request',
  // The model wrote a call that does not fit its schema: the request is fine, another try may work.
  tool_use_failed: 'invalid-response',
  overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  service_unavailable: 'overloaded',
  service_unavailable_error: 'overloaded',
  engine_overloaded: 'overloaded',
  capacity_exceeded: 'overloaded',
  UNAVAILABLE: 'overloaded',
  server_error: 'server',
  internal_error: 'server',
  INTERNAL: 'server',
  server_is_overloaded: 'overloaded',
  slow_down: 'overloaded',
  timeout: 'timeout',
  timeout_error: 'timeout',
  vector_store_timeout: 'timeout',
  DEADLINE_EXCEEDED: 'timeout',
};

/** Words that only the message has. Looked for in refusals (4xx) and in errors without a status. */
const TEXTS: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [
    /context[ _]length|context window|maximum context|prompt (is )?too long|input token count .{0,40}exceeds/i,
    'context-length',
  ],
  [/exceeded your current quota|insufficient (balance|credits?|funds|quota)|credit balance is too low/i, 'quota'],
  [/(invalid|incorrect) api key|api key not valid/i, 'authentication'],
  [/content management policy|content[ _]policy|violat\w+ .{0,40}usage polic/i, 'content-filter'],
];

const STATUSES: Readonly<Record<number, ProviderErrorKind>> = {
  401: 'authentication',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  409: 'server',
  413: 'request-too-large',
  429: 'rate-limit',
  498: 'overloaded',
  499: 'server',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

const REQUEST_IDS = ['x-request-id', 'request-id', 'apim-request-id', 'x-amzn-requestid', 'mistral-correlation-id'];

/** Classifies an error answer of any endpoint that speaks `format`. `body` is parsed JSON or text. */
export function decodeError(format: string, status: number, headers: WireHeaders, body: unknown): ProviderErrorInit {
  const error = readError(body);
  const message = error.message ?? `The provider answered with HTTP status ${status}.`;
  const type = headers['x-amzn-errortype']?.split(':')[0];
  const code = error.codes[0] ?? type;
  const kind = kindOf(status, type === undefined ? error.codes : [...error.codes, type], message);
  return {
    kind,
    message,
    status,
    ...(code === undefined ? {} : { code }),
    ...present('retryAfterMs', retryAfterMs(kind, headers, error.fields, message)),
    ...present(
      'requestId',
      REQUEST_IDS.map((name) => headers[name]).find((id) => id !== undefined),
    ),
    // The field of the request that is wrong, as this API names it.
    ...(typeof error.fields.param === 'string' ? { extensions: { [format]: { param: error.fields.param } } } : {}),
  };
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): { [name in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [name in Key]?: Value };
}

/** An error that came inside an answer whose status said all is well. */
export function errorInAnswer(body: JsonObject, provider: string): ProviderError {
  const error = readError(body);
  const message = error.message ?? 'The provider reported an error in the middle of its answer.';
  const kind = kindOf(error.status, error.codes, message);
  return new ProviderError({
    kind,
    message,
    provider,
    ...present('status', error.status),
    ...present('code', error.codes[0]),
    ...present('retryAfterMs', retryAfterMs(kind, {}, error.fields, message)),
  });
}

/** Whether an object that came where an answer was due is an error: `{error}`, `{detail}`, or vLLM's and Mistral's flat form. */
export function isErrorBody(body: JsonObject): boolean {
  if (body.error !== undefined && body.error !== null) return true;
  if (body.choices !== undefined) return false;
  return body.object === 'error' || body.type === 'error' || body.detail !== undefined;
}

interface ReadError {
  readonly message: string | undefined;
  /** The provider's codes and types, the most specific first. */
  readonly codes: readonly string[];
  readonly status: number | undefined;
  readonly fields: JsonObject;
}

/** Reads the many shapes: `{error: {…}}`, `[{error}]`, `{error: "…"}`, `{detail}`, `{message, code}`, plain text. */
function readError(body: unknown): ReadError {
  const outer = Array.isArray(body) ? asObject(body[0]) : asObject(body);
  if (outer === undefined) return { message: readText(body), codes: [], status: undefined, fields: {} };
  const fields = asObject(outer.error) ?? outer;
  const inner = asObject(fields.innererror);
  const codes = [inner?.code, fields.code, outer.code, fields.status, fields.type].filter(
    (code): code is string => typeof code === 'string' && code !== '' && !/^\d+$/.test(code) && code !== 'error',
  );
  const statuses = [fields.status_code, fields.code, outer.code, outer.status].map(Number);
  return {
    message: readMessage(outer, fields),
    codes,
    status: statuses.find((status) => status >= 400 && status < 600),
    fields,
  };
}

function readMessage(outer: JsonObject, fields: JsonObject): string | undefined {
  // OpenRouter's own message is "Provider returned error"; what the provider said is in `raw`.
  const raw = asString(asObject(fields.metadata)?.raw);
  const message =
    asString(fields.message) ??
    asString(outer.error) ??
    asString(outer.message) ??
    readDetail(outer) ??
    // Mistral has FastAPI's list inside of its message.
    readDetail(asObject(fields.message) ?? {});
  if (raw === undefined || raw === '') return message === '' ? undefined : message;
  return `${message ?? 'Error'}: ${raw.slice(0, 500)}`;
}

/** FastAPI's `detail`: a text, or a list of fields that are wrong. */
function readDetail(outer: JsonObject): string | undefined {
  const { detail } = outer;
  if (typeof detail === 'string') return detail;
  if (detail === undefined || detail === null) return undefined;
  return JSON.stringify(detail).slice(0, 500);
}

/** Text that is not JSON; a page of HTML says nothing. */
function readText(body: unknown): string | undefined {
  if (typeof body !== 'string' || isJsonObject(body)) return undefined;
  const text = body.trim();
  return text === '' || text.startsWith('<') ? undefined : text.slice(0, 500);
}

function kindOf(status: number | undefined, codes: readonly string[], message: string): ProviderErrorKind {
  for (const code of codes) {
    const kind = entryOf(CODES, code);
    // "server error" says less than any status of its own; and 413 with a rate limit is Groq's word for a request that no minute has room for.
    if (kind === 'rate-limit' && status === 413) return 'request-too-large';
    if (kind !== undefined && (kind !== 'server' || status === undefined)) return kind;
  }
  if (status === undefined || (status >= 400 && status < 500)) {
    const head = message.slice(0, 2000);
    for (const [pattern, kind] of TEXTS) if (pattern.test(head)) return kind;
  }
  if (status === undefined) return codes.includes('invalid_request_error') ? 'invalid-request' : 'server';
  const kind = STATUSES[status];
  if (kind !== undefined) return kind;
  if (status >= 500) return 'server';
  return status >= 400 ? 'invalid-request' : 'unknown';
}
