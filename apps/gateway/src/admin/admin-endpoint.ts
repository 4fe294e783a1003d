import type { Router } from '@signalbox/router';
import type * as z from 'zod';
import type { AdminOptions } from './admin-options.ts';
import { failure } from './admin-schemas.ts';
import type { EndpointDescription, OpenApiDocument } from './openapi-document.ts';

/** What an endpoint is asked with, once it was checked. */
interface AdminCall {
  readonly admin: AdminOptions;
  readonly router: Router;
  readonly now: number;
  /** The segment that varies. */
  readonly name: string;
  readonly query: unknown;
  readonly body: unknown;
  /** The document of this API. */
  readonly document: () => OpenApiDocument;
}

export interface AdminEndpoint extends EndpointDescription {
  /** What the audit log calls it. */
  readonly action: string;
  /** The status where what it is asked for can't be done: RouterError `usage`. */
  readonly refusal?: 404 | 409 | undefined;
  run(call: AdminCall): unknown;
}

export const REFUSED = { description: 'Refused; the message says why.', schema: failure };

/** How an endpoint answers: well, and with what can stand in its way. */
export const answers = (schema: z.ZodType, description: string, status = 200, refusal?: number) => ({
  [status]: { description, schema },
  400: REFUSED,
  401: REFUSED,
  403: REFUSED,
  500: { description: 'The gateway failed; its log says why.', schema: failure },
  ...(refusal === undefined ? {} : { [refusal]: REFUSED }),
});

/** A moment as it stands in answers. */
export const iso = (moment: number) => new Date(moment).toISOString();
