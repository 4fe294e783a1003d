import { SAFE_HEADERS } from './safe-headers.ts';

/** What every answer says of itself: its id under both names that clients look for. */
export function idHeaders(id: string): Record<string, string> {
  return { ...SAFE_HEADERS, 'request-id': id, 'x-request-id': id };
}
