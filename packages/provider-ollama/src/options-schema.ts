import { isJsonObject, type StandardIssue, type StandardSchema } from '@signalbox/core';

/** Options of an Ollama provider, as a configuration has them under `providers.local.options`. */
export interface OllamaOptions {
  /**
   * Tokens of context that a model is loaded with, for requests that don't say. Absent: Ollama's own default, which is small;
   * a longer prompt is an error of the kind `context-length`.
   */
  readonly num_ctx?: number | undefined;
}

/** Checks the options; an unknown key is an error. */
export const optionsSchema: StandardSchema<OllamaOptions> = {
  '~standard': {
    version: 1,
    vendor: 'signalbox',
    validate(value) {
      if (!isJsonObject(value)) return { issues: [{ message: 'expected an object' }] };
      const issues: StandardIssue[] = Object.keys(value)
        .filter((key) => key !== 'num_ctx')
        .map((key) => ({ message: 'unknown option: there is num_ctx', path: [key] }));
      const { num_ctx } = value;
      if (num_ctx !== undefined && !isTokenCount(num_ctx)) {
        issues.push({ message: 'expected a whole number of tokens above zero', path: ['num_ctx'] });
      }
      return issues.length > 0 ? { issues } : { value: isTokenCount(num_ctx) ? { num_ctx } : {} };
    },
  },
};

export function isTokenCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
