import type { Listener } from './direct-listener.ts';
import type { Drain } from './drain.ts';

/**
 * A listener that is loaded with the first request that needs it: the framework's server loads Node's own fetch, 14 MB and 40 ms of CPU, and calls to models go
 * past it. A request that waits for it counts as running, so that the gateway does not end under it.
 */
export function lazyListener(drain: Drain, load: () => Promise<Listener>): Listener {
  let loading: Promise<Listener> | undefined;
  let loaded: Listener | undefined;
  return async (incoming, outgoing) => {
    if (loaded === undefined) {
      const leave = drain.enter();
      try {
        loading ??= load();
        loaded = await loading;
      } catch (error) {
        outgoing.destroy(error instanceof Error ? error : undefined);
        return;
      } finally {
        leave();
      }
    }
    return loaded(incoming, outgoing);
  };
}
