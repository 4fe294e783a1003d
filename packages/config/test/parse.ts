import { ConfigurationError, type ParsedConfiguration, type ParseOptions, parseConfiguration } from '../src/index.ts';

/** Parses text as `router-config.yml`. */
export function parse(text: string, options: Partial<ParseOptions> = {}): ParsedConfiguration {
  return parseConfiguration(text, { file: 'router-config.yml', env: {}, ...options });
}

/** The error that text brings, or an error if it brings none. */
export function errorOf(text: string, options: Partial<ParseOptions> = {}): ConfigurationError {
  try {
    parse(text, options);
  } catch (error) {
    if (ConfigurationError.is(error)) return error;
    throw error;
  }
  throw new Error('the text was accepted');
}

/** The lines of the message that text brings. */
export function linesOf(text: string, options: Partial<ParseOptions> = {}): readonly string[] {
  return errorOf(text, options).message.split('\n');
}
