import { describeWireFormat } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../src/index.ts';

describeWireFormat({ describe, it, expect }, openaiResponses, {
  path: '/v1/responses',
  issuer: 'openai-responses:sample-provider',
  // Reasoning is encrypted here, not signed.
  lacks: ['reasoning-signatures'],
  // There are no stop sequences.
  finishes: { 'stop-sequence': 'stop' },
  unknownFrame: 'event: response.novelty\ndata: {"type":"response.novelty","value":1}\n\n',
});
