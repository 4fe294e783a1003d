import { asString, fieldOf, isJsonObject, parseJson, type RequestHead } from '@signalbox/core';

/** What a request says of who sent it, and what it is to be booked under. */
type Identity = Pick<RequestHead, 'user' | 'session' | 'tags'>;

/** Claude Code before 2.1 wrote its ids into one word. */
const JOINED = /^user_([0-9a-f]{64})_account_([^_]*)_session_(.+)$/;

/**
 * Reads `metadata.user_id` and `tags`. Claude Code writes ids of device, account and session into `user_id`, as JSON (observed of 2.1.330): the account is who
 * asks, or the device where nobody is signed in. Others' ids are taken as they are. `tags` are those of the beta `request-tags-2026-08-21`: a list of words, or
 * words by name.
 */
export function requestIdentity(metadata: unknown, tags: unknown): Identity {
  return { ...userOf(asString(fieldOf(metadata, 'user_id'))), tags: tagsOf(tags) };
}

function userOf(written: string | undefined): Pick<Identity, 'user' | 'session'> {
  if (written === undefined || written === '') return {};
  if (written.startsWith('{')) {
    const ids = parseJson(written);
    const id = (name: string) => asString(fieldOf(ids, name)) || undefined;
    return { user: id('account_uuid') ?? id('device_id'), session: id('session_id') };
  }
  const [, device, account, session] = JOINED.exec(written) ?? [];
  return session === undefined ? { user: written } : { user: account || device, session };
}

function tagsOf(tags: unknown): readonly string[] | undefined {
  if (Array.isArray(tags)) return tags.filter((tag): tag is string => typeof tag === 'string' && tag !== '');
  if (!isJsonObject(tags)) return undefined;
  return Object.entries(tags).flatMap(([name, value]) => (typeof value === 'string' ? [`${name}:${value}`] : []));
}
