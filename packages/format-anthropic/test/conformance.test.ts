import { describeWireFormat } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

describeWireFormat({ describe, it, expect }, anthropicMessages, {
  path: '/v1/messages',
  issuer: 'anthropic',
  // Anthropic has one word for what a model and what a filter refuses.
  finishes: { 'content-filter': 'refusal' },
  unknownFrame: 'event: novelty\ndata: {"type":"novelty","value":1}\n\n',
});
