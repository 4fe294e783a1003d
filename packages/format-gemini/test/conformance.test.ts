import { describeWireFormat } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { gemini } from '../src/index.ts';

describeWireFormat({ describe, it, expect }, gemini, {
  path: '/v1beta/models/sample-model:generateContent',
  issuer: 'google',
  lacks: ['cache-write-usage', 'model-in-body'],
  // STOP is Google's word for both.
  finishes: { 'stop-sequence': 'stop' },
  unknownFrame: 'data: {"novelty":{"value":1}}\r\n\r\n',
});
