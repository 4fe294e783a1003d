import { isJsonObject, type StandardIssue, type StandardSchema } from '@signalbox/core';

/** Options of an Anthropic provider, as a configuration has them under `providers.anthropic.options`. */
export interface AnthropicOptions {
  /**
   * The API version for requests that are encoded anew: translated ones, and those of callers of another version. Absent: the caller's
   * own where it speaks this format, else 2023-06-01, which takes the most.
   */
  readonly api_version?: string | undefined;
}

const VERSIONS: readonly unknown[] = ['2023-06-01', '2026-10-21'];

/** Checks the options; an unknown key is an error. */
export const optionsSchema: StandardSchema<AnthropicOptions> = {
  '~standard': {
    version: 1,
    vendor: 'signalbox',
    validate(value) {
      if (!isJsonObject(value)) return { issues: [{ message: 'expected an object' }] };
      const issues: StandardIssue[] = Object.keys(value)
        .filter((key) => key !== 'api_version')
        .map((key) => ({ message: 'unknown option: there is api_version', path: [key] }));
      const { api_version } = value;
      if (api_version !== undefined && !VERSIONS.includes(api_version)) {
        issues.push({ message: `expected ${VERSIONS.join(' or ')}, in quotes`, path: ['api_version'] });
      }
      return issues.length > 0 ? { issues } : { value: value as AnthropicOptions };
    },
  },
};
