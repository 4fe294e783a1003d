import { parseConfiguration } from '@signalbox/config';
import type { Candidate, Provider } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { configuredLimits } from '../src/configured-limits.ts';

function limits(yaml: string) {
  const { configuration } = parseConfiguration(yaml, { file: 'router-config.yml', env: {} });
  const candidate = (
    provider: string,
    model: string,
    short: string,
  ): Pick<Candidate, 'provider' | 'names' | 'model'> => ({
    provider: { id: provider } as Provider,
    model,
    names: [`${provider}.${short}`],
  });
  return configuredLimits(configuration, [candidate('alpha', 'alpha-big-2026', 'big'), candidate('beta', 'b', 'b')]);
}

describe('the limits of a configuration', () => {
  it('are those of a provider and its models, by the id that is sent', () => {
    const { alpha, beta } = limits(`
providers:
  alpha:
    rate_limit: 50/minute
    tokens_per_minute: 40000
    max_concurrent: 8
    models:
      big: { name: alpha-big, rate_limit: 100/hour, tokens_per_minute: 10000, max_concurrent: 2 }
  beta: {}
`);
    expect(alpha).toEqual({
      requests: [{ requests: 50, perMs: 60_000 }],
      tokensPerMinute: 40_000,
      maxConcurrent: 8,
      connections: undefined,
      models: {
        'alpha-big-2026': {
          requests: [{ requests: 100, perMs: 3_600_000 }],
          tokensPerMinute: 10_000,
          maxConcurrent: 2,
        },
      },
    });
    expect(beta).toEqual({ requests: [], models: {} });
  });

  it('have requests a minute and connections from `throughput` beside them', () => {
    const { alpha, beta } = limits(`
providers: { alpha: { rate_limit: 5/second }, beta: {} }
throughput: { connection_pool: 10, max_rpm: { alpha: 100 } }
`);
    expect(alpha).toMatchObject({
      requests: [
        { requests: 5, perMs: 1_000 },
        { requests: 100, perMs: 60_000 },
      ],
      connections: 10,
    });
    expect(beta).toMatchObject({ requests: [], connections: 10 });
  });
});
