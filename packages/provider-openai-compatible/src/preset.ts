import type { Quirks } from '@signalbox/core';

/** What is known of one server that speaks Chat Completions: data, and nothing else. */
export interface Preset {
  readonly id: string;
  /** As people call it: `Mistral AI`. */
  readonly displayName: string;
  /** Base URL without the version path; `''`: each user has an address of their own. */
  readonly endpoint: string;
  /** What a base URL may come with or without, e.g. `/v1`; `''`: none. */
  readonly versionPath: string;
  /** Variables that may hold the key, the usual one first. Empty: needs no key. */
  readonly keyVariables: readonly string[];
  /** `bearer`: `authorization: Bearer KEY`; `api-key`: `api-key: KEY`. */
  readonly authentication: Authentication;
  /** Runs on the user's own machine or network. */
  readonly local: boolean;
  /** Whether requests of other callers of the format may pass as they were written; `false`: all are written anew with the quirks. */
  readonly forwards: boolean;
  /** What the server wants otherwise than OpenAI: the keys are those of `@signalbox/format-openai`. */
  readonly quirks: Quirks;
  /** Names for models of the slice; `default` is the model where only the provider is named. */
  readonly shortNames: Readonly<Record<string, string>>;
}

/** How a server takes a key: `authorization: Bearer KEY`, or `api-key: KEY`. */
export type Authentication = 'bearer' | 'api-key';
