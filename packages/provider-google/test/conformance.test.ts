import { describeProvider } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { google } from '../src/index.ts';

describeProvider({ describe, it, expect }, google, {
  versionPath: '/v1beta',
  authentication: { header: 'x-goog-api-key', value: (apiKey) => apiKey },
});
