import type { Configuration } from '@signalbox/config';
import type { Candidate } from '@signalbox/core';
import type { Timeouts } from '@signalbox/router';

/**
 * The bounds of an attempt that a configuration sets: `providers.*.timeout` (or a model's own) for the time to the first content, and for the whole of an
 * answer that isn't streamed; `idle_timeout` for silence within an answer; `retry.timeout` for one attempt altogether. What a person wrote holds
 * as it is written: nothing raises it.
 */
export function configuredTimeouts(
  { provider, names }: Pick<Candidate, 'provider' | 'names'>,
  stream: boolean,
  { providers, retry }: Pick<Configuration, 'providers' | 'retry'>,
): Partial<Timeouts> {
  const own = providers[provider.id];
  const model = Object.entries(own?.models ?? {}).find(([short]) => names.includes(`${provider.id}.${short}`))?.[1];
  const firstContentMs = model?.timeoutMs ?? own?.timeoutMs;
  const idleMs = model?.idleTimeoutMs ?? own?.idleTimeoutMs;
  const wholes = [retry.timeoutMs, stream ? undefined : firstContentMs].filter((one) => one !== undefined);
  return {
    ...(firstContentMs === undefined ? {} : { firstContentMs }),
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(wholes.length === 0 ? {} : { totalMs: Math.min(...wholes) }),
  };
}

/** The same, worked out once for each candidate. */
export function createConfiguredTimeouts(
  configuration: Pick<Configuration, 'providers' | 'retry'>,
): (candidate: Candidate, stream: boolean) => Partial<Timeouts> {
  const known = {
    streamed: new WeakMap<Candidate, Partial<Timeouts>>(),
    whole: new WeakMap<Candidate, Partial<Timeouts>>(),
  };
  return (candidate, stream) => {
    const byCandidate = stream ? known.streamed : known.whole;
    let timeouts = byCandidate.get(candidate);
    if (timeouts === undefined) {
      timeouts = configuredTimeouts(candidate, stream, configuration);
      byCandidate.set(candidate, timeouts);
    }
    return timeouts;
  };
}
