import { randomUUID } from 'node:crypto';
import { entryOf, type JsonObject } from '@signalbox/core';
import type { GatewayContext } from '../request/exchange.ts';
import { formatOfPath } from '../request/format-of-path.ts';
import { idHeaders } from './api-options.ts';

const PLACES =
  'GET /v1/models, POST /v1/messages, POST /v1/chat/completions, POST /v1/responses, POST /v1beta/models/{model}:generateContent, POST /api/chat, POST /api/generate';

/** What a framework knows of what it answers: methods, and paths. */
interface KnownRoute {
  readonly method: string;
  readonly path: string;
}

interface Shape {
  readonly notFound: (message: string) => JsonObject;
  readonly wrongMethod: (message: string) => JsonObject;
}

const anthropicShape = (type: string) => (message: string) => ({ type: 'error', error: { type, message } });
const googleShape = (code: number, status: string) => (message: string) => ({ error: { code, message, status } });
const openaiShape = (code: string) => (message: string) => ({
  error: { message, type: 'invalid_request_error', param: null, code },
});
const ollamaShape = (message: string) => ({ error: message });

const OPENAI: Shape = { notFound: openaiShape('unknown_url'), wrongMethod: openaiShape('method_not_supported') };

/** How APIs say that there is nothing at an address, or nothing for this method, by the id of their format. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'anthropic-messages': {
    notFound: anthropicShape('not_found_error'),
    wrongMethod: anthropicShape('invalid_request_error'),
  },
  gemini: { notFound: googleShape(404, 'NOT_FOUND'), wrongMethod: googleShape(405, 'UNIMPLEMENTED') },
  'ollama-chat': { notFound: ollamaShape, wrongMethod: ollamaShape },
};

/**
 * Answers a call to a place that is not there (404), or is there for other methods (405, with `allow`: RFC 9110, 15.5.6), in the words of the API that the path belongs to.
 * `routes` is asked when it is needed.
 */
export function unknownPath(routes: () => readonly KnownRoute[]): (context: GatewayContext) => Response {
  return (context) => {
    const { method, path } = context.req;
    const allowed = methodsOf(path, routes());
    const meant = allowed.length > 0 ? undefined : meantPath(path, (one) => methodsOf(one, routes()).includes(method));
    const shape = entryOf(SHAPES, formatOfPath(context, meant).id) ?? OPENAI;
    if (allowed.length === 0) {
      const message =
        meant === undefined
          ? `There is no ${method} ${path} here: see ${PLACES}.`
          : `There is no ${method} ${path} here, but ${method} ${meant}: correct the base URL that the client was given.`;
      return Response.json(shape.notFound(message), { status: 404, headers: idHeaders(randomUUID()) });
    }
    const allow = allowed.join(', ');
    const message = `${method} is not a method of ${path}: use ${allow}.`;
    return Response.json(shape.wrongMethod(message), { status: 405, headers: { ...idHeaders(randomUUID()), allow } });
  };
}

/** What a base URL too short, too long or with a slash at its end leads to; undefined: something else. */
function meantPath(path: string, isThere: (path: string) => boolean): string | undefined {
  const plain = path.replace(/\/{2,}/g, '/').replace(/(?!^)\/$/, '');
  return [plain, plain.replace(/^\/v1(beta)?(?=\/v1)/, ''), `/v1${plain}`].find((one) => one !== path && isThere(one));
}

/** The methods by which a path is answered; what is read with GET answers HEAD, too. */
function methodsOf(path: string, routes: readonly KnownRoute[]): readonly string[] {
  const methods = new Set<string>();
  for (const { method, path: known } of routes) {
    // What stands before the answers.
    if (method === 'ALL' || known === '/*') continue;
    if (!matches(path, known)) continue;
    methods.add(method);
    if (method === 'GET') methods.add('HEAD');
  }
  return [...methods].sort();
}

/** Whether a path is one of a route's: `:name` is one segment, `:name{pattern}` a rest that the pattern fits. */
function matches(path: string, route: string): boolean {
  if (!route.includes(':')) return path === route;
  const [, before = route, pattern] = /^(.*\/):\w+\{(.+)\}$/.exec(route) ?? [];
  if (pattern !== undefined) {
    return path.startsWith(before) && new RegExp(`^${pattern}$`).test(path.slice(before.length));
  }
  const segments = route.split('/');
  const asked = path.split('/');
  if (asked.length !== segments.length) return false;
  return segments.every((segment, place) => (segment.startsWith(':') ? asked[place] !== '' : asked[place] === segment));
}

const CONVERSATIONS =
  'This gateway makes and shows no conversations: they are kept by the provider, so make them there. A request that names one ("conversation" of POST /v1/responses) goes to the provider that keeps it; "previous_response_id" needs none.';

/** Conversations of the Responses API are made past the gateway. */
export const noConversations = (): Response => notServed(CONVERSATIONS);

const COMPACTION =
  'This gateway has no endpoint that compacts conversations. A request with an item {"type":"compaction_trigger"} goes to a provider that does; with any other model, ask for a summary.';

/** It stands where the id of an answer would. */
export const noCompaction = (): Response => notServed(COMPACTION);

function notServed(sentence: string): Response {
  return Response.json(OPENAI.notFound(sentence), { status: 404, headers: idHeaders(randomUUID()) });
}
