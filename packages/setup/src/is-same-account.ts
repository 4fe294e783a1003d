import type { ProviderDefinition } from '@signalbox/core';

type Account = Pick<ProviderDefinition, 'defaultEndpoint' | 'keyVariables'>;

/** Whether two providers are ways to one account: the same key at the same address, in two formats. Both are there only where somebody asks for it. */
export function isSameAccount(one: Account, other: Account): boolean {
  return (
    one.defaultEndpoint === other.defaultEndpoint && one.keyVariables.some((name) => other.keyVariables.includes(name))
  );
}
