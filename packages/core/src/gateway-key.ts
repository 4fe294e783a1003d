import type { NanoUsd } from './money.ts';

/** What somebody may spend and ask for. What is absent is not limited. */
export interface CallerLimits {
  readonly budgetDaily?: NanoUsd | undefined;
  readonly budgetMonthly?: NanoUsd | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** Requests at the same time. */
  readonly concurrent?: number | undefined;
}

/** A key that opens the gateway: what is known of it, never the key itself. Moments are Unix milliseconds. */
export interface GatewayKey {
  /** Unique. It is what the ledger, logs and people call it by. */
  readonly name: string;
  /** Whose key it is; absent: nobody's in particular. */
  readonly user?: string | undefined;
  /** Whose caches and vaults its requests share; absent: its user's, else its own. */
  readonly tenant?: string | undefined;
  readonly tags: readonly string[];
  /** Names of models it may use, with `*` for any text; absent: all. */
  readonly models?: readonly string[] | undefined;
  readonly limits: CallerLimits;
  readonly createdAt: number;
  readonly expiresAt?: number | undefined;
  readonly revokedAt?: number | undefined;
}

/** The keys that open a gateway. Looked up for every request: synchronous, from memory. */
export interface GatewayKeys {
  /**
   * The key with this SHA-256 (64 hexadecimal digits), also one that is revoked or has expired: whoever asks looks. `undefined`: there is none. A secret that
   * was replaced and may no longer be used finds nothing.
   */
  find(sha256: string): GatewayKey | undefined;
  /** Whether any key was ever made: then nobody gets in without one. */
  exist(): boolean;
}
