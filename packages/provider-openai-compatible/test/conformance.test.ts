import { describeProvider } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { anyServer, PRESETS, presets } from '../src/index.ts';

for (const { id, versionPath, keyVariables, authentication } of PRESETS) {
  const definition = presets[id];
  if (definition === undefined) throw new Error(`${id} has no definition`);
  const bearer = { header: 'authorization', value: (apiKey: string) => `Bearer ${apiKey}` };
  const header = authentication === 'api-key' ? { header: 'api-key', value: (apiKey: string) => apiKey } : bearer;
  describeProvider({ describe, it, expect }, definition, {
    versionPath,
    authentication: keyVariables.length === 0 ? undefined : header,
  });
}
describeProvider({ describe, it, expect }, anyServer, { versionPath: '/v1' });
