import type { ProviderDefinition } from '@signalbox/core';
import { anthropic, anthropicCompatible } from '@signalbox/provider-anthropic';
import { google } from '@signalbox/provider-google';
import { ollama } from '@signalbox/provider-ollama';
import { openai, openaiOverResponses } from '@signalbox/provider-openai';
import { anyServer, presets } from '@signalbox/provider-openai-compatible';
import { geminiCompatible } from './gemini-compatible.ts';

/** The providers that are there without a configuration, by the name under which one uses them. */
export const bundledProviders: Readonly<Record<string, ProviderDefinition>> = {
  anthropic,
  openai,
  google,
  local: ollama,
};

/** The others that come with the program: by their name or as `type` in a configuration, or where their key is there. */
export const providerTypes: Readonly<Record<string, ProviderDefinition>> = {
  ...presets,
  ollama,
  'openai-responses': openaiOverResponses,
  'openai-compatible': anyServer,
  'anthropic-compatible': anthropicCompatible,
  'gemini-compatible': geminiCompatible,
};
