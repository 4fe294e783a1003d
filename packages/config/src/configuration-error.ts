import { RouterError } from '@signalbox/core';

/** One thing that is wrong with a configuration. */
export interface ConfigurationIssue {
  /** The file as people see it, or `environment NAME`, `.env NAME`, `flag`. */
  readonly file: string;
  /** From 1; 0 where there is no position (a missing file, a variable). */
  readonly line: number;
  /** From 1; 0 where there is no position. */
  readonly column: number;
  /** The key as it is spelled in the file, `providers.openai.timeout`; `''` for the whole file. */
  readonly path: string;
  /** What is wrong, without position and suggestion; never a secret. */
  readonly message: string;
  /** What may have been meant. */
  readonly suggestion?: string | undefined;
}

/**
 * A configuration can't be used. `message` has one line for each issue:
 * `router-config.yml:7:5 providers.openai.timeuot: unknown key. Did you mean "timeout"?`
 */
export class ConfigurationError extends RouterError {
  override readonly name = 'ConfigurationError';
  readonly issues: readonly ConfigurationIssue[];

  constructor(issues: readonly ConfigurationIssue[]) {
    super({ kind: 'configuration', message: issues.map(describeIssue).join('\n') });
    this.issues = issues;
  }

  /** Other errors of kind `configuration` (a bad endpoint, found later) have no issues and are not meant. */
  static override is(error: unknown): error is ConfigurationError {
    return RouterError.is(error) && error.kind === 'configuration' && 'issues' in error;
  }
}

function describeIssue(issue: ConfigurationIssue): string {
  const place = issue.line === 0 ? issue.file : `${issue.file}:${issue.line}:${issue.column}`;
  const where = issue.path === '' ? place : `${place} ${issue.path}`;
  const sentence = issue.message.endsWith('.') ? issue.message : `${issue.message}.`;
  return `${where}: ${sentence}${issue.suggestion === undefined ? '' : ` Did you mean "${issue.suggestion}"?`}`;
}
