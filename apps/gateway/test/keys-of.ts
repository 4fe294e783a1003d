import { createHash } from 'node:crypto';
import type { GatewayKey, GatewayKeys } from '@signalbox/core';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Keys by their secrets. */
export function keysOf(bySecret: Readonly<Record<string, Partial<GatewayKey>>>): GatewayKeys {
  const keys = new Map(
    Object.entries(bySecret).map(([secret, key]): [string, GatewayKey] => [
      sha256(secret),
      { name: secret, tags: [], limits: {}, createdAt: 0, ...key },
    ]),
  );
  return { find: (digest) => keys.get(digest), exist: () => keys.size > 0 };
}
