import {
  effortOfBudget,
  type ForwardedRequest,
  fieldOf,
  noRequestObject,
  type ReasoningEffort,
  type RequestBytes,
  type RequestHead,
  RouterError,
  readEffort,
  readRange,
  scanTopLevel,
  spliceBytes,
} from '@signalbox/core';

const METHOD = /\/(?:models\/|(?=tunedModels\/))([^?]+):(generateContent|streamGenerateContent|countTokens)(?:\?|$)/;

/** Path of a method for a model, below `/v1beta`. */
export function methodPath(model: string, stream: boolean): string {
  return `/${resourcePath(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
}

/** A name with dots for steps (`../x`) is one segment, so that it can't lead out of its folder. */
function resourcePath(model: string): string {
  const segments = resourceName(model).split('/');
  if (!segments.some((segment) => segment === '.' || segment === '..'))
    return segments.map(encodeURIComponent).join('/');
  const [kind = 'models', ...name] = segments;
  return `${kind}/${encodeURIComponent(name.join('/'))}`;
}

/** A tuned model is a resource of another kind; a plain name may hold a slash all the same (`vendor/model`). */
function resourceName(model: string): string {
  return /^(models|tunedModels)\//.test(model) ? model : `models/${model}`;
}

/** What a path says: which model, and whether a stream is wanted. Undefined where it is no path of generateContent or countTokens. */
export function readPath(path: string): { readonly model: string; readonly stream: boolean } | undefined {
  const [, model, method] = METHOD.exec(path) ?? [];
  if (model === undefined) return undefined;
  return { model: decode(model), stream: method === 'streamGenerateContent' };
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The head of a request: the model and the method stand in the path. Some libraries repeat the model in the body; its place
 * is kept, so that it can be replaced there too. Throws RouterError `invalid-request`.
 */
export function scanHead(body: RequestBytes, path: string): RequestHead {
  const scan = scanTopLevel(body, ['model', 'generationConfig', 'generation_config']);
  if (scan === undefined) throw noRequestObject();
  if (scan.duplicate === 'model') {
    throw new RouterError({
      kind: 'invalid-request',
      message: 'The request body has the field "model" twice: send it once.',
      parameter: 'model',
    });
  }
  const modelRange = scan.ranges.get('model');
  const inBody = modelRange === undefined ? undefined : readRange(body, modelRange);
  const inPath = readPath(path);
  const model = inPath?.model ?? (typeof inBody === 'string' ? inBody.replace(/^models\//, '') : undefined);
  const settings = scan.ranges.get('generationConfig') ?? scan.ranges.get('generation_config');
  const effort = settings === undefined ? undefined : thinkingEffort(readRange(body, settings));
  return { model, stream: inPath?.stream ?? false, modelRange, effort };
}

/** JSON of Google's may have either spelling: its own libraries write both. */
function thinkingEffort(settings: unknown): ReasoningEffort | undefined {
  const thinking = fieldOf(settings, 'thinkingConfig', 'thinking_config');
  return (
    readEffort(fieldOf(thinking, 'thinkingLevel', 'thinking_level')) ??
    effortOfBudget(fieldOf(thinking, 'thinkingBudget', 'thinking_budget'))
  );
}

/** The caller's bytes for another model: the name changes in the path, and in the body where it stands there too. */
export function forwardRequest(body: RequestBytes, head: RequestHead, model: string, path: string): ForwardedRequest {
  return {
    path: methodPath(model, head.stream) + keptQuery(path, head.stream),
    body:
      head.modelRange === undefined ? body : spliceBytes(body, head.modelRange, JSON.stringify(resourceName(model))),
    hideUsage: false,
  };
}

/** Names of parameters that carry a key, or headers that could: `key`, `access_token`, `oauth_token`, `$httpHeaders`. */
const SECRET = /key|token|secret|auth|credential|header/i;

/**
 * The caller's query without keys (ours goes in a header) and without `alt`, which is set already. A stream is asked for
 * as SSE whatever the caller's client would get from Google, so `$alt` does not stand beside it.
 */
function keptQuery(path: string, stream: boolean): string {
  const at = path.indexOf('?');
  if (at === -1) return '';
  const query = new URLSearchParams(path.slice(at + 1));
  for (const name of [...query.keys()]) {
    if (SECRET.test(name) || name === 'alt' || name === 'callback' || (stream && name === '$alt')) query.delete(name);
  }
  const text = query.toString();
  return text === '' ? '' : `${stream ? '&' : '?'}${text}`;
}
