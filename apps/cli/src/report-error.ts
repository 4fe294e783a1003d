import { AllCandidatesFailed, ProviderError, RouterError } from '@signalbox/core';
import { outputColors } from './output-colors.ts';
import { wrapped } from './wrapped.ts';

/** Writes an error to stderr as a sentence: never a stack trace, never a key. `verbose` adds each attempt. */
export function reportError(error: unknown, verbose: boolean): void {
  const colors = outputColors(process.stderr);
  const line = wrapped(`signalbox: ${describeError(error)}`, process.stderr.columns, '  ');
  process.stderr.write(`${colors.red('signalbox:')}${line.slice('signalbox:'.length)}\n`);
  if (!verbose || !AllCandidatesFailed.is(error)) return;
  for (const [index, attempt] of error.attempts.entries()) {
    const { candidate, durationMs, error: failure } = attempt;
    const status = failure?.status === undefined ? '' : `, HTTP ${failure.status}`;
    process.stderr.write(
      `  ${index + 1}. ${candidate}: ${failure?.kind}${status}, after ${durationMs} ms. ${failure?.message}\n`,
    );
  }
}

/** The sentence for an error. */
function describeError(error: unknown): string {
  if (RouterError.is(error) || ProviderError.is(error)) return error.message;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return `${error.message} (${error.code})`;
  return `an unexpected fault: ${error instanceof Error ? error.message : String(error)}. Please report it.`;
}
