import type { Configuration, ModelConfiguration, ProviderConfiguration } from '@signalbox/config';
import type { Candidate } from '@signalbox/core';
import type { Limits, ProviderLimits } from '@signalbox/rate-limit';

/**
 * The limits of a configuration by provider id: `rate_limit`, `tokens_per_minute` and `max_concurrent` of providers and models, `throughput.max_rpm`, and
 * as many calls at once as `throughput.connection_pool` has connections.
 */
export function configuredLimits(
  { providers, throughput }: Pick<Configuration, 'providers' | 'throughput'>,
  candidates: readonly Pick<Candidate, 'provider' | 'names' | 'model'>[],
): Readonly<Record<string, ProviderLimits>> {
  const ids = new Set(candidates.map((one) => one.provider.id));
  return Object.fromEntries(
    [...ids].map((id): [string, ProviderLimits] => {
      const own = Object.hasOwn(providers, id) ? providers[id] : undefined;
      const perMinute = Object.hasOwn(throughput.maxRpm, id) ? throughput.maxRpm[id] : undefined;
      const models = Object.entries(own?.models ?? {}).flatMap(([short, model]): [string, Limits][] => {
        const sent = candidates.find((one) => one.provider.id === id && one.names.includes(`${id}.${short}`))?.model;
        return sent === undefined ? [] : [[sent, limitsOf(model)]];
      });
      const limits = limitsOf(own ?? {});
      const maxRpm = perMinute === undefined ? [] : [{ requests: perMinute, perMs: 60_000 }];
      return [
        id,
        {
          ...limits,
          requests: [...(limits.requests ?? []), ...maxRpm],
          connections: throughput.connectionPool,
          models: Object.fromEntries(models),
        },
      ];
    }),
  );
}

function limitsOf({
  rateLimit,
  tokensPerMinute,
  maxConcurrent,
}: Pick<ProviderConfiguration & ModelConfiguration, 'rateLimit' | 'tokensPerMinute' | 'maxConcurrent'>): Limits {
  return { requests: rateLimit === undefined ? [] : [rateLimit], tokensPerMinute, maxConcurrent };
}
