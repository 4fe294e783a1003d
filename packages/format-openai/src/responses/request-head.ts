import {
  asString,
  fieldOf,
  type HeadFields,
  type RequestBytes,
  type RequestHead,
  readEffort,
  type ServerState,
  scanRequestHead,
} from '@signalbox/core';
import { IDENTITY_KEYS, requestIdentity } from '../shared/request-identity.ts';
import { FORMAT_ID } from './format-id.ts';

/** What a request may lean on by an id that its provider gave out. */
const STORED = ['previous_response_id', 'conversation'] as const;

const HEAD_FIELDS: HeadFields = {
  keys: ['reasoning', 'background', 'store', ...STORED, ...IDENTITY_KEYS],
  read: (value) => ({
    effort: readEffort(fieldOf(value('reasoning'), 'effort')),
    serverState: storedState(value),
    background: value('background') === true || undefined,
    store: value('store') === false ? false : undefined,
    ...requestIdentity(value),
  }),
};

/** The head of a Responses request: model, stream, and the id of what it goes on from. Throws RouterError `invalid-request`. */
export function scanHead(body: RequestBytes): RequestHead {
  return scanRequestHead(body, HEAD_FIELDS);
}

function storedState(read: (key: string) => unknown): ServerState | undefined {
  for (const parameter of STORED) {
    const value = read(parameter);
    if (value === undefined || value === null) continue;
    const id = asString(value) ?? asString(fieldOf(value, 'id'));
    return { format: FORMAT_ID, parameter, id };
  }
  return undefined;
}
