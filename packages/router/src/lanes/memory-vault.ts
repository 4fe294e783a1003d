import {
  aCount,
  aNumber,
  aPort,
  type Clock,
  type OptionRules,
  requireOptions,
  systemClock,
  type Vault,
  type VaultKey,
} from '@signalbox/core';

/** How much reasoning state is kept, and how long. */
export interface MemoryVaultOptions {
  /** Entries at most; the oldest go first. Default 10,000. */
  readonly capacity?: number | undefined;
  /** Milliseconds that an entry lives. Default one day. */
  readonly timeToLiveMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

const RULES: OptionRules<MemoryVaultOptions> = {
  capacity: aCount(1),
  timeToLiveMs: aNumber(0, undefined, 'of milliseconds'),
  clock: aPort('a clock, such as systemClock', ['now']),
};
const CAPACITY = 10_000;
const DAY_MS = 86_400_000;

/** A vault in this process's memory. What it forgets costs a model its earlier thoughts, nothing more. Throws RouterError `configuration` on an option that is wrong or unknown. */
export function createMemoryVault(options: MemoryVaultOptions = {}): Vault {
  requireOptions('createMemoryVault', options, RULES);
  const { capacity = CAPACITY, timeToLiveMs = DAY_MS, clock = systemClock } = options;
  // A Map keeps the order of insertion, so the first key is the oldest.
  const entries = new Map<string, { readonly value: string; readonly expiresAt: number }>();
  const nameOf = ({ tenant, issuer, callId, contentHash }: VaultKey) =>
    JSON.stringify([tenant, issuer, callId, contentHash]);
  return {
    put(key, value) {
      const name = nameOf(key);
      entries.delete(name);
      entries.set(name, { value, expiresAt: clock.now() + timeToLiveMs });
      if (entries.size > capacity) {
        const oldest = entries.keys().next().value;
        if (oldest !== undefined) entries.delete(oldest);
      }
    },
    get(key) {
      const name = nameOf(key);
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      if (entry.expiresAt > clock.now()) return entry.value;
      entries.delete(name);
      return undefined;
    },
  };
}
