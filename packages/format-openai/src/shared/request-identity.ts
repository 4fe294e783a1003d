import { asString, type RequestHead } from '@signalbox/core';

/** Fields that say who asks: `safety_identifier` has taken the place of `user`, and Codex and opencode write their session's id into `prompt_cache_key`. */
export const IDENTITY_KEYS = ['user', 'safety_identifier', 'prompt_cache_key'] as const;

/** Reads them. */
export function requestIdentity(value: (key: string) => unknown): Pick<RequestHead, 'user' | 'session'> {
  return {
    user: asString(value('safety_identifier')) ?? asString(value('user')),
    session: asString(value('prompt_cache_key')),
  };
}
