import type { EndpointState } from '@signalbox/core';
import type { Router } from '@signalbox/router';

/** One endpoint in `GET /health/providers`: a model, by one key where its provider has several. Times are milliseconds, moments ISO 8601. */
export interface EndpointHealth {
  readonly model: string;
  readonly key?: string | undefined;
  readonly state: EndpointState['state'];
  readonly failures_in_a_row: number;
  readonly reason?: string | undefined;
  /** When it may be tried again. */
  readonly until?: string | undefined;
}

/** One model's figures, of the last hours in this process. */
export interface ModelHealth {
  readonly model: string;
  readonly calls: number;
  /** 0 to 1. */
  readonly failure_share: number;
  readonly first_content_ms: { readonly p50?: number | undefined; readonly p99?: number | undefined };
  readonly tokens_per_second?: number | undefined;
}

/** One provider: `ok`: everything may be called; `degraded`: something may not; `down`: nothing that was called may be. */
export interface ProviderHealth {
  readonly provider: string;
  readonly state: 'ok' | 'degraded' | 'down';
  /** What has failed since the start; an endpoint that never did is not in the list. */
  readonly endpoints: readonly EndpointHealth[];
  readonly models: readonly ModelHealth[];
}

/** `GET /health/providers`: breakers, parked keys and measured times. No call is made for it. */
export function healthApi(router: Router): () => Response {
  return () => Response.json({ providers: providersHealth(router) });
}

/** `GET /readyz`: 503 while no request could be answered: no model is configured, or every provider is down. */
export function readyApi(router: Router, notReady?: () => string | undefined): () => Response {
  return () => {
    const hindrance = notReady?.();
    if (hindrance !== undefined) return Response.json({ status: 'not ready', reason: hindrance }, { status: 503 });
    const providers = providersHealth(router);
    if (providers.some((one) => one.state !== 'down')) return Response.json({ status: 'ready' });
    const reason = providers.length === 0 ? 'no model is configured' : 'every provider is down';
    return Response.json({ status: 'not ready', reason }, { status: 503 });
  };
}

/** The state of each provider that has a model. */
export function providersHealth(router: Router): readonly ProviderHealth[] {
  const states = router.endpoints();
  const ids = [...new Set(router.candidates.map((candidate) => candidate.provider.id))];
  return ids.map((provider) => {
    const own = states.filter((state) => state.provider === provider);
    const candidates = router.candidates.filter((candidate) => candidate.provider.id === provider);
    const usable = candidates.filter((candidate) => {
      const of = own.filter((state) => state.candidate === candidate.id);
      const keys = Math.max(1, candidate.provider.keys?.length ?? 1);
      return of.filter((state) => state.state === 'open' || state.state === 'parked').length < keys;
    });
    const troubled = own.some((state) => state.state !== 'closed');
    return {
      provider,
      state: usable.length === 0 ? 'down' : troubled ? 'degraded' : 'ok',
      endpoints: own.map(endpointHealth),
      models: candidates.flatMap(({ id, model }) => {
        const measured = router.measured(id);
        if (measured === undefined) return [];
        const { calls, failureShare, firstContentMs, tokensPerSecond } = measured;
        return [
          {
            model,
            calls,
            failure_share: failureShare,
            first_content_ms: firstContentMs,
            tokens_per_second: tokensPerSecond === undefined ? undefined : Math.round(tokensPerSecond),
          },
        ];
      }),
    };
  });
}

function endpointHealth({ model, providerKey, state, failures, reason, until }: EndpointState): EndpointHealth {
  return {
    model,
    key: providerKey,
    state,
    failures_in_a_row: failures,
    reason,
    until: until === undefined ? undefined : new Date(until).toISOString(),
  };
}
