/** How the calls to one model went. */
export interface ModelPerformance {
  /** `provider/model id`. */
  readonly candidate: string;
  readonly attempts: number;
  readonly aborted: number;
  /** Requests that went on to another model after it, since it had failed or broken off. */
  readonly escalations: number;
  /** Of the attempts that failed: how many of which kind. */
  readonly errors: Readonly<Record<string, number>>;
  /** Attempts by why they were made: `first`, `retry`, `failover`, `hedge`, `continuation`, `cache`. */
  readonly causes: Readonly<Record<string, number>>;
  /** Milliseconds of complete answers, and to their first content where they were streamed; `undefined`: there was none. */
  readonly durationMs: Percentiles | undefined;
  readonly firstContentMs: Percentiles | undefined;
}

/** Half, 95 and 99 of a hundred values are no greater; in the unit of what was measured. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}
