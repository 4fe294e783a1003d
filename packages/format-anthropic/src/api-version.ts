import type { ModelRequest, Quirks, WireHeaders } from '@signalbox/core';
import { callersForm } from './extensions.ts';

/** The versions of the API, by the header `anthropic-version`: 2026-10-21 is what the official SDKs send from 1.0 on. */
export type ApiVersion = '2023-06-01' | '2026-10-21';

/** What is sent where neither a caller nor an endpoint names a version: the one that takes everything. */
export const DEFAULT_VERSION: ApiVersion = '2023-06-01';

/**
 * What a version refuses with a 400, whatever the model (the migration guide of 2026-10-21): sampling parameters even at their
 * default, documents in turns of the assistant, citations on text blocks of the user.
 */
export interface VersionRules {
  readonly sampling: boolean;
  readonly assistantDocuments: boolean;
  readonly userCitations: boolean;
}

const RULES: Readonly<Record<ApiVersion, VersionRules>> = {
  '2023-06-01': { sampling: true, assistantDocuments: true, userCitations: true },
  '2026-10-21': { sampling: false, assistantDocuments: false, userCitations: false },
};

/** What a version takes. */
export function rulesOf(version: ApiVersion): VersionRules {
  return RULES[version];
}

/** A caller's version; a date that nobody knows yet counts as the newest version that came before it. Undefined: none was named. */
export function versionFrom(header: string | undefined): ApiVersion | undefined {
  if (header === undefined) return undefined;
  return header >= '2026-10-21' ? '2026-10-21' : '2023-06-01';
}

/** A caller's version and betas, as the canonical request carries them to a provider of this same format. */
export function callersHeaders(headers: WireHeaders | undefined): { version?: string; betas?: string[] } {
  const version = versionFrom(headers?.['anthropic-version']);
  const betas = (headers?.['anthropic-beta'] ?? '')
    .split(',')
    .map((beta) => beta.trim())
    .filter((beta) => beta !== '');
  return { ...(version === undefined ? {} : { version }), ...(betas.length === 0 ? {} : { betas }) };
}

/** The version to speak to an endpoint: the one it wants (quirk `apiVersion`), else the caller's own, else the oldest. */
export function chooseVersion(request: ModelRequest, quirks: Quirks): ApiVersion {
  const wanted = quirks.apiVersion ?? callersForm(request.extensions)?.version;
  return versionFrom(typeof wanted === 'string' ? wanted : undefined) ?? DEFAULT_VERSION;
}
