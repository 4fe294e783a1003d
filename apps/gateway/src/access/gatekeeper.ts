import { hash } from 'node:crypto';
import {
  type Caller,
  type GatewayKey,
  type GatewayKeys,
  isLoopbackHost,
  isLoopbackUrl,
  RouterError,
} from '@signalbox/core';
import { callerOfKey, LOCAL_CALLER } from '../request/caller.ts';
import type { GatewayContext } from '../request/exchange.ts';
import { presentedKeys } from '../request/presented-keys.ts';
import { requestHeaders } from '../request/request-headers.ts';
import { createTokenVerifier, looksLikeToken, type TokenOptions } from './token-verifier.ts';

export interface GatekeeperOptions {
  /** The keys that open the gateway; absent: it has none. */
  readonly keys?: GatewayKeys | undefined;
  /** Whether nobody gets in without a key even while there is none. Default `false`: one is needed as soon as one exists. */
  readonly keysRequired?: boolean | undefined;
  /** Lets in who shows a token of an identity provider, too. Default: nobody. */
  readonly jwt?: TokenOptions | undefined;
  /** Origins of web pages that may call. Default: none. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Unix milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** What says nothing but that somebody is there: monitors and clients ask before they have a key. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/', '/api/hello', '/healthz', '/readyz', '/openapi.json']);

/** Says who a request is from; a promise only where a token has to be verified. Throws RouterError `authentication` or `permission`. */
export type Gatekeeper = (context: GatewayContext) => Admitted | Promise<Admitted>;

interface Admitted {
  readonly caller: Caller;
  /** The key that opened the gateway, as it was shown: it goes no further. */
  readonly opener?: string | undefined;
}

/**
 * Lets in who shows a key. Without keys it lets in programs on this machine, and no web pages: a page can make a browser send requests here, and each would spend the
 * user's money. A page's request bears an `Origin`, or reaches us under a name that isn't this machine's.
 *
 * Keys are looked up by their SHA-256: how long that takes depends on the hash of what was shown, which nobody can steer towards a hash that is stored.
 */
export function createGatekeeper({
  keys,
  keysRequired = false,
  jwt,
  corsOrigins = [],
  now = Date.now,
}: GatekeeperOptions): Gatekeeper {
  const callers = new WeakMap<GatewayKey, Caller>();
  const verify = jwt && createTokenVerifier(jwt, now);
  let needed = keysRequired || jwt !== undefined;

  return (context) => {
    // Once keys have been seen, a file that went away opens nothing.
    needed ||= keys?.exist() === true;
    const headers = requestHeaders(context);
    if (!needed) {
      refuseWebPages(headers, corsOrigins);
      return { caller: LOCAL_CALLER };
    }
    if (OPEN_PATHS.has(context.req.path)) return { caller: LOCAL_CALLER };
    const presented = presentedKeys(context, headers);
    for (const text of presented) {
      const key = keys?.find(hash('sha256', text));
      if (key === undefined) continue;
      refuseEnded(key, now());
      const caller = callers.get(key) ?? callerOfKey(key);
      callers.set(key, caller);
      return { caller, opener: text };
    }
    const token = verify && presented.find(looksLikeToken);
    if (verify !== undefined && token !== undefined) return verify(token).then((caller) => ({ caller, opener: token }));
    throw new RouterError({
      kind: 'authentication',
      message:
        presented.length === 0
          ? 'This gateway wants a key: send it as "authorization: Bearer KEY", "x-api-key: KEY" or "x-goog-api-key: KEY".'
          : 'This key does not open the gateway: ask whoever runs it for one.',
    });
  };
}

function refuseEnded({ name, revokedAt, expiresAt }: GatewayKey, now: number): void {
  const refuse = (what: string) => new RouterError({ kind: 'authentication', message: `The key "${name}" ${what}.` });
  if (revokedAt !== undefined) throw refuse('is revoked');
  if (expiresAt !== undefined && expiresAt <= now) throw refuse(`expired at ${new Date(expiresAt).toISOString()}`);
}

/** Hosts that requests named, and whether they are this machine's: to take a URL apart costs as much as all else that is asked here. */
const knownHosts = new Map<string, boolean>();
const MOST_HOSTS = 100;

function isThisMachine(host: string): boolean {
  let known = knownHosts.get(host);
  if (known === undefined) {
    known = isLoopbackUrl(`http://${host}`);
    if (knownHosts.size >= MOST_HOSTS) knownHosts.clear();
    knownHosts.set(host, known);
  }
  return known;
}

function refuseWebPages({ host, origin }: Readonly<Record<string, string>>, allowed: readonly string[]): void {
  const pageIsOurs = origin === undefined || isLoopbackUrl(origin) || allowed.includes(origin);
  if (pageIsOurs && (host === undefined || isThisMachine(host))) return;
  throw new RouterError({
    kind: 'permission',
    message: 'This gateway has no keys, so it answers programs on this machine only, not web pages.',
  });
}

/** Throws RouterError `configuration` where a gateway would be open to others: at an address that they can reach, without keys. */
export function requireKeysFor(hostname: string, { keys, jwt }: Pick<GatekeeperOptions, 'keys' | 'jwt'>): void {
  if (isLoopbackHost(hostname) || jwt !== undefined || keys?.exist() === true) return;
  throw new RouterError({
    kind: 'configuration',
    message: `The gateway has no keys, so it serves this machine only: ${hostname} would open it to others. Make a key first (signalbox keys create NAME), or use 127.0.0.1.`,
  });
}
