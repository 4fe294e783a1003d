/** Remembers which provider keeps what: a stored answer can be continued only where it is. */
export interface Affinity {
  /** A provider gave out this id. */
  remember(id: string, provider: string): void;
  providerOf(id: string): string | undefined;
}

const CAPACITY = 50_000;

/** In this process's memory; the oldest ids are forgotten first. What is not known here is left to the provider to judge. */
export function createAffinity(): Affinity {
  const providers = new Map<string, string>();
  return {
    remember(id, provider) {
      providers.delete(id);
      providers.set(id, provider);
      if (providers.size <= CAPACITY) return;
      const oldest = providers.keys().next().value;
      if (oldest !== undefined) providers.delete(oldest);
    },
    providerOf: (id) => providers.get(id),
  };
}
