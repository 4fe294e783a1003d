import type { Caller, GatewayKey, RequestHead } from '@signalbox/core';

/** Who asks where no key was needed. */
export const LOCAL_CALLER: Caller = { tenant: 'local', unproven: true };

/** Who asks with a key, as far as the key says it. */
export function callerOfKey({ name, user, tenant, tags, models, limits }: GatewayKey): Caller {
  const limited = Object.values(limits).some((limit) => limit !== undefined);
  return { tenant: tenant ?? user ?? name, user, key: name, tags, models, limits: limited ? limits : undefined };
}

/** Headers in which clients send the id of their conversation: Claude Code, Codex, opencode. */
const SESSION_HEADERS = ['x-claude-code-session-id', 'session-id', 'x-session-id'] as const;
const MAX_TAGS = 16;

/**
 * Who asks, with what the single request says: its session, its end user where the key has none of its own, and its tags beside the key's. All of it is a claim and
 * opens nothing: it is for the ledger, and for limits that a key's holder agrees to.
 */
export function callerOfRequest(
  known: Caller,
  headers: Readonly<Record<string, string>>,
  head: Pick<RequestHead, 'user' | 'session' | 'tags'>,
): Caller {
  const session = sessionIn(headers);
  const written = headers['x-signalbox-tags'];
  const own = {
    // An empty name is none: it would have a budget of its own.
    user: known.user ?? (head.user === '' ? undefined : head.user),
    session: session ?? head.session,
    tags: written === undefined && head.tags === undefined ? known.tags : allTags(known.tags, written, head.tags),
  };
  const isKnown = own.user === known.user && own.session === known.session && own.tags === known.tags;
  return isKnown ? known : { ...known, ...own };
}

function sessionIn(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name of SESSION_HEADERS) {
    const value = headers[name];
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

function allTags(
  ofKey: readonly string[] | undefined,
  header: string | undefined,
  ofBody: readonly string[] | undefined,
): readonly string[] {
  const ofHeader = (header ?? '').split(',').map((tag) => tag.trim());
  const all = [...(ofKey ?? []), ...ofHeader, ...(ofBody ?? [])].filter((tag) => tag !== '');
  return [...new Set(all)].slice(0, MAX_TAGS);
}
