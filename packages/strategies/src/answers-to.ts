import type { Candidate } from '@signalbox/core';

/** Whether a configuration means a candidate by a name: `anthropic.sonnet`, a model id, `provider/model id`, a provider. */
export function answersTo(candidate: Candidate, name: string): boolean {
  return candidate.provider.id === name || candidate.id === name || candidate.names.includes(name);
}
