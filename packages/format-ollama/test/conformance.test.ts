import { describeWireFormat } from '@signalbox/conformance';
import { describe, expect, it } from 'vitest';
import { ollamaChat } from '../src/index.ts';

describeWireFormat({ describe, it, expect }, ollamaChat, {
  path: '/api/chat',
  lacks: ['reasoning-signatures', 'reasoning-usage', 'cache-usage'],
  // Ollama says `stop` for a stop sequence too, and has one text and one status for what a request is refused for.
  finishes: { 'stop-sequence': 'stop' },
  errors: { 'content-filter': ['invalid-request'] },
  unknownFrame: '{"novelty":true}\n',
});
