import { describeWireFormat } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../src/index.ts';

describeWireFormat({ describe, it, expect }, openaiChat, {
  path: '/v1/chat/completions',
  lacks: ['reasoning-signatures'],
  // `stop` is said for both.
  finishes: { 'stop-sequence': 'stop' },
  unknownFrame: 'event: novelty\ndata: {"type":"novelty","value":1}\n\n',
});
