import type { JsonObject } from '@signalbox/core';
import type { BatchReply } from './batch-reply.ts';
import type { BatchShelf, ShelvedRequest } from './batch-shelf.ts';
import type { BatchRoute } from './route.ts';

/** One call of a batch endpoint. */
export interface BatchCallInput {
  readonly route: BatchRoute;
  readonly shelf: BatchShelf;
  readonly bodyText: string;
  readonly contentType: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** The base of this simulator's URLs, for the links in answers. */
  readonly base: string;
  /** Answers one request of a batch. */
  reply(request: ShelvedRequest, vendor: BatchRoute['vendor']): BatchReply;
}

/** One line of a file of results. */
export const jsonLine = (value: JsonObject): string => `${JSON.stringify(value)}\n`;
