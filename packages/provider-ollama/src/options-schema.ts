import { optionsSchemaOf } from '@signalbox/provider-kit';

/** Options of an Ollama provider, as a configuration has them under `providers.local.options`. */
export interface OllamaOptions {
  /**
   * Tokens of context that a model is loaded with, for requests that don't say. Absent: Ollama's own default, which is small;
   * a longer prompt is an error of the kind `context-length`.
   */
  readonly num_ctx?: number | undefined;
}

/** Checks the options; an unknown key is an error. */
export const optionsSchema = optionsSchemaOf<OllamaOptions>({
  num_ctx: { what: 'a whole number of tokens above zero', holds: isTokenCount },
});

export function isTokenCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
