import { hash, randomUUID, timingSafeEqual } from 'node:crypto';
import { parseJson, RouterError, type RouterErrorKind, wholeBytes } from '@signalbox/core';
import type { Router } from '@signalbox/router';
import type * as z from 'zod';
import { idHeaders } from '../answer/id-headers.ts';
import type { GatewayContext } from '../request/exchange.ts';
import { requestBody } from '../request/request-body.ts';
import type { AdminEndpoint } from './admin-endpoint.ts';
import { ADMIN_ENDPOINTS } from './admin-endpoints.ts';
import type { AdminOptions, AuditEntry } from './admin-options.ts';
import { type OpenApiDocument, openApiDocument } from './openapi-document.ts';

const BASE = '/admin/v1';
const MAX_BODY_BYTES = 64 * 1024;
const METHODS = ['GET', 'POST'] as const;
const STATUSES: Readonly<Partial<Record<RouterErrorKind, number>>> = {
  'invalid-request': 400,
  'request-too-large': 413,
};
const headers = () => ({ ...idHeaders(randomUUID()), 'cache-control': 'no-store' });
/** Milliseconds between two lines of the audit log about callers without the credential: they must not fill a disk. */
const REFUSALS_MS = 10_000;

/** The document of the admin API, from the table that answers are made by. */
function adminDocument(): OpenApiDocument {
  const endpoints = ADMIN_ENDPOINTS.map((endpoint) => ({ ...endpoint, path: `${BASE}${endpoint.path}` }));
  const description = 'Keys, budgets, configuration, health, usage and decisions of a running gateway.';
  return openApiDocument({ title: 'Signalbox admin API', version: '1', description }, endpoints, 'adminCredential');
}

/** Answers below `/admin/v1` to whoever shows the credential as `authorization: Bearer`. Each call is written into the audit log. */
export function adminApi(admin: AdminOptions, router: Router, now: () => number, onFault: (error: unknown) => void) {
  const credential = hash('sha256', admin.credential, 'buffer');
  let refusedAt = Number.NEGATIVE_INFINITY;

  function isAdmin(authorization: string | undefined): boolean {
    const [, shown = ''] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    return timingSafeEqual(hash('sha256', shown, 'buffer'), credential);
  }

  return async function handle(context: GatewayContext): Promise<Response> {
    const { path } = context.req;
    // What can be read can be looked at.
    const method = context.req.method === 'HEAD' ? 'GET' : context.req.method;
    const log = (entry: AuditEntry) => admin.audit(entry);
    if (!isAdmin(context.req.header('authorization'))) {
      if (now() - refusedAt >= REFUSALS_MS) {
        refusedAt = now();
        log({ action: 'admin.refused', target: `${method} ${path}`.slice(0, 200), outcome: 'refused' });
      }
      return failed(401, 'The admin API wants its own credential: "authorization: Bearer CREDENTIAL".');
    }
    if (context.req.header('origin') !== undefined) {
      log({ action: 'admin.refused', target: `${method} ${path}`.slice(0, 200), outcome: 'refused' });
      return failed(403, 'No web page may call the admin API: call it from a program.');
    }
    const found = match(method, path);
    if (found === undefined) {
      const methods = METHODS.filter((one) => match(one, path) !== undefined);
      if (methods.length === 0) return failed(404, `There is no ${method} ${path}: see GET ${BASE}/openapi.json.`);
      const allow = methods.join(', ').replace('GET', 'GET, HEAD');
      return failed(405, `${method} is not a method of ${path}: use ${allow}.`, { allow });
    }
    const { endpoint, name } = found;
    const target = name === '' ? `${method} ${path}` : name;
    try {
      const query = checked(endpoint.query, queryOf(context), 'query');
      const body = checked(endpoint.body, endpoint.body && (await bodyOf(context)), 'body');
      const answer = await endpoint.run({ admin, router, now: now(), name, query, body, document: adminDocument });
      const status = Number(Object.keys(endpoint.answers)[0]);
      log({ action: endpoint.action, target: createdName(body) ?? target, outcome: 'done' });
      return Response.json(answer, { status, headers: headers() });
    } catch (error) {
      log({ action: endpoint.action, target, outcome: 'failed' });
      if (!RouterError.is(error)) {
        onFault(error);
        return failed(500, 'The gateway failed; its log says why.');
      }
      const status = error.kind === 'usage' ? endpoint.refusal : STATUSES[error.kind];
      return failed(status ?? (error.kind === 'usage' ? 400 : 500), error.message);
    }
  };
}

function match(method: string, path: string): { readonly endpoint: AdminEndpoint; readonly name: string } | undefined {
  const segments = path.slice(BASE.length).split('/');
  for (const endpoint of ADMIN_ENDPOINTS) {
    const wanted = endpoint.path.split('/');
    if (endpoint.method.toUpperCase() !== method || wanted.length !== segments.length) continue;
    if (!wanted.every((one, index) => one.startsWith('{') || one === segments[index])) continue;
    const place = wanted.findIndex((one) => one.startsWith('{'));
    return { endpoint, name: place === -1 ? '' : decoded(segments[place] ?? '') };
  }
  return undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Of what stands there twice only one would count, and nobody would know which. */
function queryOf(context: GatewayContext): Record<string, string> {
  const { searchParams } = new URL(context.req.url);
  const twice = [...searchParams.keys()].find((name) => searchParams.getAll(name).length > 1);
  if (twice === undefined) return Object.fromEntries(searchParams);
  throw new RouterError({ kind: 'invalid-request', message: `query.${twice}: send it once.` });
}

/** No body is an empty one. */
async function bodyOf(context: GatewayContext): Promise<unknown> {
  const text = new TextDecoder().decode(wholeBytes(await requestBody(context, MAX_BODY_BYTES)));
  if (text.trim() === '') return {};
  const body = parseJson(text);
  if (body === undefined) throw new RouterError({ kind: 'invalid-request', message: 'The body is not valid JSON.' });
  return body;
}

function checked(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [unknown] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const place = [where, ...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.');
  const reason =
    unknown === undefined ? issue?.message : `is not known here; GET ${BASE}/openapi.json says what may stand there`;
  throw new RouterError({ kind: 'invalid-request', message: `${place}: ${reason ?? 'invalid'}.` });
}

function createdName(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'name' in body ? String(body.name) : undefined;
}

const TYPES: Readonly<Record<number, string>> = { 401: 'authentication_error', 403: 'permission_error' };

function failed(status: number, message: string, more: Readonly<Record<string, string>> = {}): Response {
  const type = TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return Response.json({ error: { type, message } }, { status, headers: { ...headers(), ...more } });
}
