import {
  type CatalogSlice,
  isLoopbackUrl,
  type ModelFacts,
  type Provider,
  type ProviderDefinition,
  type ProviderSettings,
  type WireFormat,
} from '@signalbox/core';

const facts = (provider: string, id: string, output: number, rest: Partial<ModelFacts> = {}): ModelFacts => ({
  id,
  provider,
  name: id,
  type: 'chat',
  status: 'active',
  capabilities: {},
  contextWindow: 100_000,
  maxOutput: 8_000,
  prices: [{ input: output * 2e8, output: output * 1e9 }],
  ...rest,
});

/** A definition whose providers record the settings they were made with. No call is made in these tests. */
export function fakeDefinition(
  id: string,
  models: Readonly<Record<string, number>>,
  rest: Partial<ProviderDefinition> = {},
): ProviderDefinition & { readonly made: (ProviderSettings & { closed: boolean })[] } {
  const made: (ProviderSettings & { closed: boolean })[] = [];
  const names = Object.keys(models);
  const catalog: CatalogSlice = {
    generated: '2026-11-22',
    sources: {},
    models: names.map((name) => facts(id, name, models[name] ?? 0)),
    aliases: {},
  };
  const format = { id: 'fake', streamFraming: 'sse' } as WireFormat;
  return {
    contract: 1,
    id,
    displayName: id,
    format,
    keyVariables: [`${id.toUpperCase()}_API_KEY`],
    defaultEndpoint: `https://api.${id}.example`,
    local: false,
    catalog,
    shortNames: { large: names[0] ?? '', small: names.at(-1) ?? '', default: names[0] ?? '' },
    made,
    create(settings = {}): Provider {
      const record = { ...settings, closed: false };
      made.push(record);
      return {
        contract: 1,
        id: settings.id ?? id,
        format,
        quirks: {},
        forwards: true,
        models: catalog.models,
        local: rest.local ?? (typeof settings.endpoint === 'string' && isLoopbackUrl(settings.endpoint)),
        simulated: settings.simulated ?? false,
        send: () => Promise.reject(new Error('no call is made here')),
        close: async () => {
          record.closed = true;
        },
      };
    },
    ...rest,
  };
}
