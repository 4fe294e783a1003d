import { describeWireFormat, type WireFormatFixtures } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const FIXTURES: WireFormatFixtures = {
  path: '/v1/messages',
  issuer: 'anthropic',
  // Anthropic has one word for what a model and what a filter refuses.
  finishes: { 'content-filter': 'refusal' },
  unknownFrame: 'event: novelty\ndata: {"type":"novelty","value":1}\n\n',
};

for (const version of ['2023-06-01', '2026-10-21']) {
  describe(`API version ${version}`, () => {
    describeWireFormat({ describe, it, expect }, anthropicMessages, {
      ...FIXTURES,
      headers: { 'anthropic-version': version },
      quirks: { apiVersion: version },
    });
  });
}
