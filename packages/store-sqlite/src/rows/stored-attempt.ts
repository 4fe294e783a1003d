import type {
  Attempt,
  AttemptCause,
  Complexity,
  FinishReason,
  NanoUsd,
  Provenance,
  ProviderErrorKind,
  TaskType,
} from '@signalbox/core';
import { ATTEMPT_COLUMNS } from './attempt-columns.ts';

/** One attempt as the file keeps it: a flat row. What is absent is unknown, never zero. */
export interface StoredAttempt {
  /** The decision's id. */
  readonly decision: string;
  /** 1 for the decision's first attempt that was booked. */
  readonly attempt: number;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly firstContentMs?: number | undefined;
  readonly strategy: string;
  readonly taskType?: TaskType | undefined;
  readonly complexity?: Complexity | undefined;
  /** The model name the caller gave. */
  readonly requestedModel?: string | undefined;
  /** `provider/model id`. */
  readonly candidate: string;
  readonly provider: string;
  /** The id that was sent. */
  readonly model: string;
  readonly answeredBy?: string | undefined;
  readonly outcome: Attempt['outcome'];
  readonly errorKind?: ProviderErrorKind | undefined;
  /** HTTP status. */
  readonly errorStatus?: number | undefined;
  readonly lane: Attempt['lane'];
  readonly simulated: boolean;
  readonly finishReason?: FinishReason | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cacheReadTokens?: number | undefined;
  readonly cacheWrite5mTokens?: number | undefined;
  readonly cacheWrite1hTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
  readonly inputAudioTokens?: number | undefined;
  readonly outputAudioTokens?: number | undefined;
  readonly webSearches?: number | undefined;
  readonly serviceTier?: string | undefined;
  /** Where the usage figures come from. */
  readonly usageProvenance?: Provenance | undefined;
  readonly costNanoUsd?: NanoUsd | undefined;
  readonly costProvenance?: Provenance | undefined;
  readonly tenant: string;
  readonly user?: string | undefined;
  readonly key?: string | undefined;
  readonly session?: string | undefined;
  readonly tags: readonly string[];
  /** How many fields were mapped, approximated or dropped on the way to the provider. */
  readonly notes: number;
  /** Absent in rows of the first schema. */
  readonly cause?: AttemptCause | undefined;
  /** The name of the provider's key, where it has several. */
  readonly providerKey?: string | undefined;
  /** What a kept answer saved. */
  readonly savedNanoUsd?: NanoUsd | undefined;
  /** The routing rule that decided, where one did; absent in rows before the fourth schema. */
  readonly rule?: string | undefined;
}

const PROPERTIES: readonly (readonly [column: string, property: string])[] = [
  'decision',
  'attempt',
  ...ATTEMPT_COLUMNS.map(([column]) => column),
].map((column) => [column, column.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())]);

/** Columns of the view `ledger`, for a SELECT. */
export const STORED_COLUMNS = PROPERTIES.map(([column]) => column).join(', ');

/** A row of the view as a value. */
export function toStoredAttempt(record: Readonly<Record<string, unknown>>): StoredAttempt {
  const attempt: Record<string, unknown> = {};
  for (const [column, property] of PROPERTIES) {
    const value = record[column];
    if (value !== null && value !== undefined) attempt[property] = value;
  }
  attempt.simulated = record.simulated === 1;
  attempt.tags = typeof record.tags === 'string' ? JSON.parse(record.tags) : [];
  return attempt as unknown as StoredAttempt;
}
