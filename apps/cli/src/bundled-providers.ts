import type { ProviderDefinition } from '@signalbox/core';
import { anthropic } from '@signalbox/provider-anthropic';
import { google } from '@signalbox/provider-google';
import { ollama } from '@signalbox/provider-ollama';
import { openai } from '@signalbox/provider-openai';

/** The providers that come with the program, by the name under which a configuration uses them. */
export const bundledProviders: Readonly<Record<string, ProviderDefinition>> = {
  anthropic,
  openai,
  google,
  local: ollama,
};
