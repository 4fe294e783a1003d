import type { Attempt, Caller, Decision, GatewayKey } from '@signalbox/core';

/** What somebody with the admin credential did: for a log that is only written on. Holds no secret. */
export interface AuditEntry {
  /** `key.create`, `key.revoke`, `key.rotate`, `admin.reload`, `admin.read`, `admin.refused`, ... */
  readonly action: string;
  /** What it was done to: a key's name, a path. */
  readonly target?: string | undefined;
  readonly outcome: 'done' | 'refused' | 'failed';
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** How a budget stands: amounts in its unit, moments as Unix milliseconds. */
interface AdminBudget {
  readonly title: string;
  readonly unit: 'nano-usd' | 'requests';
  readonly limit: number;
  readonly spent: number;
  readonly reserved: number;
  readonly from: number;
  readonly to: number;
}

export const USAGE_GROUPS = ['day', 'provider', 'model', 'user', 'key', 'tag', 'strategy', 'outcome'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Sums of a group of attempts. */
interface AdminUsage {
  readonly group: Readonly<Partial<Record<string, string>>>;
  readonly requests: number;
  readonly attempts: number;
  readonly failures: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly nanoUsd: number;
}

/** One attempt of a decision. */
interface AdminAttempt {
  readonly candidate: string;
  readonly outcome: Attempt['outcome'];
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly errorKind?: string | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly costNanoUsd?: number | undefined;
}

interface AdminDecision {
  readonly decision: Decision;
  readonly attempts: readonly AdminAttempt[];
}

/** What came of taking a configuration over. */
export interface ReloadOutcome {
  readonly takenOver: boolean;
  readonly sentence: string;
}

/** What whoever runs the gateway may do over HTTP, and the credential for it. Methods throw RouterError `usage` where they are asked for what there is not. */
export interface AdminOptions {
  /** At least 32 characters. It is no key of the gateway, and a key of the gateway is no such credential. */
  readonly credential: string;
  readonly keys: {
    list(): readonly GatewayKey[];
    create(key: Omit<GatewayKey, 'createdAt' | 'revokedAt'>): { readonly key: GatewayKey; readonly secret: string };
    revoke(name: string): GatewayKey;
    rotate(name: string, graceMs: number): { readonly key: GatewayKey; readonly secret: string };
  };
  budgets(caller: Caller): readonly AdminBudget[];
  /** As it is in effect, secrets masked. */
  configuration(): { readonly files: readonly string[]; readonly yaml: string };
  /** In every process that answers. */
  reload(): Promise<ReloadOutcome>;
  usage(query: {
    readonly from?: number | undefined;
    readonly to?: number | undefined;
    readonly by: readonly UsageGroup[];
    readonly user?: string | undefined;
    readonly key?: string | undefined;
  }): readonly AdminUsage[];
  /** `undefined`, at once or later: nobody knows of it. */
  decision(id: string): AdminDecision | undefined | Promise<AdminDecision | undefined>;
  /** How many processes are to answer, and how many do. */
  workers(): { readonly wanted: number; readonly up: number };
  audit(entry: AuditEntry): void;
}
