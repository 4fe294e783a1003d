import {
  asString,
  type RequestHead,
  readRange,
  type ServerState,
  scanRequestHead,
  scanTopLevel,
} from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** What a request may lean on by an id that its provider gave out. */
const STORED = ['previous_response_id', 'conversation'] as const;

/** The head of a Responses request: model, stream, and the id of what it goes on from. Throws RouterError `invalid-request`. */
export function scanHead(body: Uint8Array): RequestHead {
  return { ...scanRequestHead(body), serverState: storedState(body) };
}

function storedState(body: Uint8Array): ServerState | undefined {
  const scan = scanTopLevel(body, STORED);
  for (const parameter of STORED) {
    const range = scan?.ranges.get(parameter);
    const value = range === undefined ? undefined : readRange(body, range);
    if (value === undefined || value === null) continue;
    const id = asString(value) ?? asString((value as { id?: unknown }).id);
    return { format: FORMAT_ID, parameter, id };
  }
  return undefined;
}
