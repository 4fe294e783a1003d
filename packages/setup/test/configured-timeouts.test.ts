import { parseConfiguration } from '@signalbox/config';
import { describe, expect, it } from 'vitest';
import { configuredTimeouts } from '../src/configured-timeouts.ts';
import { fakeDefinition } from './fake-definition.ts';

const alpha = fakeDefinition('alpha', { big: 1 }).create();
const timeouts = (yaml: string, stream = true, name = 'big') => {
  const { configuration } = parseConfiguration(yaml, { file: 'router-config.yml', env: {} });
  return configuredTimeouts({ provider: alpha, names: [`alpha.${name}`, name] }, stream, configuration);
};

describe('timeouts of a configuration', () => {
  it('are none where nothing is written: the defaults of the router hold', () =>
    expect(timeouts('providers: { alpha: { models: [big] } }')).toEqual({}));

  it('of a provider bound the first content of a stream, and the whole of an answer that is not streamed', () => {
    const yaml = 'providers: { alpha: { models: [big], timeout: 60s } }';
    expect(timeouts(yaml)).toEqual({ firstContentMs: 60_000 });
    expect(timeouts(yaml, false)).toEqual({ firstContentMs: 60_000, totalMs: 60_000 });
  });

  it('of one attempt bound all of it, and the shorter one holds', () => {
    const yaml = 'providers: { alpha: { models: [big], timeout: 60s } }\nretry: { timeout: 30s }';
    expect(timeouts(yaml)).toEqual({ firstContentMs: 60_000, totalMs: 30_000 });
    expect(timeouts(yaml, false)).toMatchObject({ totalMs: 30_000 });
  });

  it('of a model are taken instead of its provider’s, for that model alone', () => {
    const yaml = `providers:
  alpha:
    timeout: 20s
    idle_timeout: 10s
    models:
      big: { timeout: 90s, idle_timeout: 45s }
      small: small-model
`;
    expect(timeouts(yaml)).toEqual({ firstContentMs: 90_000, idleMs: 45_000 });
    expect(timeouts(yaml, true, 'small')).toEqual({ firstContentMs: 20_000, idleMs: 10_000 });
  });
});
