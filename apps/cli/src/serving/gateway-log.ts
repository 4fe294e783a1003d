import { type AttemptError, type ProviderErrorKind, RouterError } from '@signalbox/core';
import type { RequestRecord } from '@signalbox/gateway';
import { type DestinationStream, type Logger, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** The gateway's log: lines of JSON, without prompts, answers, keys and providers' words. */
export interface GatewayLog {
  /** `info`: every request that was answered; `warn`: those that were not, by a fault of ours or of the providers, and those on whose way a key was refused or used up. */
  request(record: RequestRecord): void;
  fault(error: unknown): void;
}

/** A log on stderr, or wherever `destination` leads. `worker` is the place among several that write into the same. */
export function createGatewayLog(
  level: LogLevel,
  { worker }: { readonly worker?: number | undefined } = {},
  destination: DestinationStream = standardError(),
): GatewayLog {
  const log = pino(
    {
      level,
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    request: (record) => logRequest(log, record),
    fault: (error) => log.error(describeFault(error), 'a fault of the gateway'),
  };
}

/** Bytes of lines that wait for a disk that is full; what comes beyond them is lost. */
const MOST_WAITING = 4 * 1024 * 1024;

/** stderr, and no word where it can't be written: a log that nobody can keep is no reason to stop serving. */
function standardError(): DestinationStream {
  const destination = pino.destination({ dest: 2, maxLength: MOST_WAITING });
  destination.on('error', () => undefined);
  return destination;
}

function logRequest(log: Logger, record: RequestRecord): void {
  const needsSomebody = record.attempts.some(({ error }) => error !== undefined && FOR_THE_OPERATOR.has(error.kind));
  const level = record.status >= 500 || record.outcome === 'broken' || needsSomebody ? 'warn' : 'info';
  if (!log.isLevelEnabled(level)) return;
  const { caller, attempts, durationMs: ms, ...rest } = record;
  const costs = attempts.map((attempt) => attempt.cost?.nanoUsd).filter((cost) => cost !== undefined);
  log[level](
    {
      ...rest,
      ms,
      key: caller?.key,
      user: caller?.user,
      session: caller?.session,
      tags: caller?.tags,
      attempts: attempts.length,
      failures: attempts.flatMap(({ candidate, error }) =>
        error === undefined ? [] : [`${candidate}: ${error.kind}${detailOf(error)}`],
      ),
      input_tokens: sum(attempts.map((attempt) => attempt.usage?.inputTokens ?? 0)),
      output_tokens: sum(attempts.map((attempt) => attempt.usage?.outputTokens ?? 0)),
      cost_usd: costs.length === 0 ? undefined : sum(costs) / 1e9,
    },
    'request',
  );
}

/** What no retry mends, whoever answered in the end: the operator's own account with a provider. */
const FOR_THE_OPERATOR: ReadonlySet<ProviderErrorKind> = new Set(['authentication', 'quota']);

/** A code is a word of a protocol's; whatever else a provider wrote into its place is its own words. */
const A_CODE = /^[A-Za-z][\w.-]{0,63}$/;

/** What tells causes of one kind apart: the status, and the code of the provider or of the network (`ENOTFOUND`). */
function detailOf({ status, code }: AttemptError): string {
  const details = [
    ...(status === undefined ? [] : [`HTTP ${status}`]),
    ...(code === undefined || !A_CODE.test(code) ? [] : [code]),
  ];
  return details.length === 0 ? '' : ` (${details.join(', ')})`;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Where it happened, not what was said: a message may quote the text that could not be read. */
function describeFault(error: unknown): {
  readonly type: string;
  readonly message?: string;
  readonly at: readonly string[];
} {
  // Our own sentences quote nothing that was said.
  if (RouterError.is(error)) return { type: error.kind, message: error.message, at: [] };
  if (!(error instanceof Error)) return { type: typeof error, at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, at: frames.slice(0, 8).map((line) => line.trim()) };
}
