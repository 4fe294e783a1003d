import {
  DEEPEST_JSON,
  type Inbound,
  isDeeperThan,
  parseRequest,
  type RequestBytes,
  RouterError,
  type WireFormat,
} from '@signalbox/core';
import type { GatewayContext } from './exchange.ts';

/** Path and query of a request. */
export function pathOf(context: GatewayContext): string {
  const written = context.env?.incoming?.url;
  // A proxy's form of a request names the whole address.
  if (written?.startsWith('/') === true) return written;
  const { pathname, search } = new URL(context.req.url);
  return `${pathname}${search}`;
}

/** A body as JSON. Throws RouterError `invalid-request`. */
export function parseBody(body: RequestBytes): unknown {
  const parsed = parseRequest(body);
  if (parsed === undefined) {
    throw new RouterError({ kind: 'invalid-request', message: 'The request body is not valid JSON.' });
  }
  // A level takes two characters at least: many bodies are too short to be looked at.
  if (body.length > 2 * DEEPEST_JSON && isDeeperThan(DEEPEST_JSON, parsed)) {
    const message = `The request body is nested more than ${DEEPEST_JSON} levels deep.`;
    throw new RouterError({ kind: 'invalid-request', message });
  }
  return parsed;
}

/** No model's name is longer; a text of any length would stand in logs, in the ledger and in the answer. */
const LONGEST_NAME = 500;

/** Throws RouterError `invalid-request` for what is too long to be the name of a model. */
export function checkName(model: string | undefined): void {
  if (model === undefined || model.length <= LONGEST_NAME) return;
  const message = `The field "model" has ${model.length} characters: no model's name has more than ${LONGEST_NAME}.`;
  throw new RouterError({ kind: 'invalid-request', message, parameter: 'model' });
}

/** The request as the engine takes it; the canonical form is made when it is first needed. */
export function createInbound(
  format: WireFormat,
  body: RequestBytes,
  path: string,
  headers: Readonly<Record<string, string>>,
  credentials?: Readonly<Record<string, string>> | undefined,
): Inbound {
  let request: ReturnType<Inbound['request']> | undefined;
  const head = format.server.scanHead(body, path);
  checkName(head.model);
  return {
    wire: { format, body, path, headers, credentials },
    head,
    request() {
      request ??= format.server.decodeRequest(parseBody(body), path, headers);
      return request;
    },
    forget() {
      request = undefined;
    },
  };
}
