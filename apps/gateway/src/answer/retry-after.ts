/** Seconds to wait where a limit is reached and nobody said for how long: Codex gives up at once on a 429 that does not say it (0.169, November 2026). */
const UNKNOWN_WAIT_S = '5';
/** The same where waiting alone does not help: an account is used up. */
const UNKNOWN_QUOTA_S = '60';
/** Refusals that no waiting changes. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 413, 422, 501]);

/** The headers of a refusal with `retry-after` where it belongs: always on a 429, never 0, and not where the same request would be refused again. */
export function withRetryAfter(
  status: number,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { 'retry-after': wait, ...rest } = headers;
  if (FINAL.has(status)) {
    const { 'retry-after-ms': _exact, ...others } = rest;
    return others;
  }
  if (wait !== undefined) return wait === '0' ? { ...rest, 'retry-after': '1' } : headers;
  if (status !== 429) return headers;
  return { ...rest, 'retry-after': rest['x-should-retry'] === 'false' ? UNKNOWN_QUOTA_S : UNKNOWN_WAIT_S };
}
