import { optionsSchemaOf } from '@signalbox/provider-kit';

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
export const optionsSchema = optionsSchemaOf<AnthropicOptions>({
  api_version: { what: `${VERSIONS.join(' or ')}, in quotes`, holds: (value) => VERSIONS.includes(value) },
});
