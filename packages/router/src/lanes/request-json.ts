import { BodyPieces, type JsonObject, type RequestBytes, RouterError, writtenTexts } from '@signalbox/core';
import { jsonBytes } from './json-bytes.ts';

/** Below so many bytes of the caller's request nothing is gained by encoding its texts one by one. */
const LEAST = 64 * 1024;

/**
 * A request for the provider as it is sent: text, or its bytes where these are had for less. `came`: the bytes that it was decoded from.
 *
 * Throws RouterError `invalid-request` where it is nested deeper than the stack.
 */
export function requestJson(body: JsonObject, came: RequestBytes | undefined): string | Uint8Array {
  try {
    if (came === undefined || came.length < LEAST) return JSON.stringify(body);
    const written = writtenTexts(came);
    return written === undefined && isAllAscii(came) ? JSON.stringify(body) : jsonBytes(body, written);
  } catch (error) {
    throw deepRequest(error);
  }
}

/** Arguments of a tool call are JSON within JSON, and may be nested deeper than the stack: the caller's matter, not the provider's. */
export function deepRequest(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  const message = 'The request is nested too deeply to be sent: the arguments of a tool call in it are.';
  return new RouterError({ kind: 'invalid-request', message, cause: error });
}

function isAllAscii(bytes: RequestBytes): boolean {
  return bytes instanceof BodyPieces ? bytes.pieces.every(isAscii) : isAscii(bytes);
}

/** Whether no wide character stands in bytes. It has three of them at least, or is one of an alphabet whose letters stand together: each third is enough. */
function isAscii(bytes: Uint8Array): boolean {
  for (let place = 0; place < bytes.length; place += 3) if ((bytes[place] ?? 0) > 0x7f) return false;
  return true;
}
