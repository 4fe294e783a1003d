import type { Quirks } from '@signalbox/core';

/**
 * What only OpenAI itself (and Azure, which runs its models) understands: everyone else is spared it. `max_tokens` is the one
 * name of the output limit that all of them know.
 */
export const COMPATIBLE: Quirks = {
  maxTokensField: 'max_tokens',
  userField: 'user',
  developerRole: false,
  allowedTools: false,
  promptCacheKey: false,
  customTools: false,
  openaiFiles: false,
};

/** What most rows say alike; a row that says it again has its own. */
export const CLOUD = { versionPath: '/v1', authentication: 'bearer', local: false, shortNames: {} } as const;
export const LOCAL = { ...CLOUD, keyVariables: [], local: true } as const;
