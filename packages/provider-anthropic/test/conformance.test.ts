import { describeProvider } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { anthropic } from '../src/index.ts';

describeProvider({ describe, it, expect }, anthropic, {
  versionPath: '/v1',
  authentication: { header: 'x-api-key', value: (apiKey) => apiKey },
});
