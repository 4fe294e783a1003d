import { AllCandidatesFailed, ProviderError, type ProviderErrorKind, RouterError } from '@signalbox/core';
import { outputColors } from './output-colors.ts';
import { terminalWidth } from './terminal-width.ts';
import { wrapped } from './wrapped.ts';

/** Writes an error to stderr as a sentence: never a stack trace, never a key. `verbose` adds each attempt. */
export function reportError(error: unknown, verbose: boolean): void {
  const colors = outputColors(process.stderr);
  const line = wrapped(`signalbox: ${describeError(error)}`, terminalWidth(process.stderr), '  ');
  process.stderr.write(`${colors.red('signalbox:')}${line.slice('signalbox:'.length)}\n`);
  if (!verbose || !AllCandidatesFailed.is(error)) return;
  for (const [index, attempt] of error.attempts.entries()) {
    const { candidate, durationMs, error: failure } = attempt;
    const status = failure?.status === undefined ? '' : `, HTTP ${failure.status}`;
    const tried = `  ${index + 1}. ${candidate}: ${failure?.kind}${status}, after ${durationMs} ms. ${failure?.message}`;
    process.stderr.write(`${wrapped(tried, terminalWidth(process.stderr), '     ')}\n`);
  }
}

const LATER = 'Try again later';
const ELSEWHERE = `${LATER}, or name others who may answer (--provider-chain)`;

/** What to do where a provider failed: its own words rarely say. */
const REMEDIES: Readonly<Partial<Record<ProviderErrorKind, string>>> = {
  authentication: 'Check the key: signalbox doctor.',
  permission: 'Check what the key may use: signalbox doctor.',
  'not-found': 'Check the name: signalbox models.',
  'context-length': 'Send less, or name a model with a larger window (signalbox models).',
  'request-too-large': 'Send less, or name a model with a larger window (signalbox models).',
  quota: 'Look at the account at the provider, or name others who may answer (--provider-chain).',
  connect: 'Check the network and the endpoint: signalbox doctor.',
  'rate-limit': `${ELSEWHERE}.`,
  overloaded: `${ELSEWHERE}.`,
  server: `${ELSEWHERE}.`,
  timeout: `${ELSEWHERE}, or allow more time (retry.timeout).`,
  'connection-lost': `${ELSEWHERE}.`,
  'stream-cut': `${ELSEWHERE}.`,
};

/** The sentence for an error, and what to do. */
function describeError(error: unknown): string {
  const failure = AllCandidatesFailed.is(error) ? error.last : ProviderError.is(error) ? error : undefined;
  // Where our own money or patience ended a stream, its cause has said so.
  const remedy = failure === undefined || RouterError.is(failure.cause) ? undefined : REMEDIES[failure.kind];
  if (RouterError.is(error) || ProviderError.is(error)) {
    if (remedy === undefined) return error.message;
    // Providers' own words often end without a full stop.
    const said = /[.?!…]$/.test(error.message) ? error.message : `${error.message}.`;
    return `${said} ${withWait(remedy, failure?.retryAfterMs)}`;
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return unmadeFolder(error as NodeJS.ErrnoException) ?? `${error.message} (${error.code})`;
  return `an unexpected fault: ${error instanceof Error ? error.message : String(error)}. Please report it.`;
}

/** A folder that can't be made. Of a disk that may not be written Node's recursive `mkdir` says that something is missing. */
function unmadeFolder({ code, syscall, path }: NodeJS.ErrnoException): string | undefined {
  if (syscall !== 'mkdir' || path === undefined || !['ENOENT', 'EROFS', 'EACCES', 'EPERM'].includes(code ?? '')) return;
  return `The folder ${path} can't be made: the folder or disk above it can't be written (${code}).`;
}

/** Says when, where the provider did. */
function withWait(remedy: string, retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined || retryAfterMs < 1_000) return remedy;
  return remedy.replace(LATER, `Try again in ${inWords(retryAfterMs)}, as the provider asks`);
}

/** A wait as people say it, rounded up: `77 s`, `5 min`, `3 h`. */
function inWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
