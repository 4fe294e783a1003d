import type { WireFormat } from '@signalbox/core';
import { checkErrors } from './check-errors.ts';
import { checkObserver } from './check-observer.ts';
import { checkRequests } from './check-requests.ts';
import { checkResponses } from './check-responses.ts';
import { checkStreams } from './check-streams.ts';
import type { WireFormatFixtures } from './fixtures.ts';
import { sampleResponses } from './sample-responses.ts';
import type { TestRunner } from './test-runner.ts';

/**
 * Describes, in the runner that is passed in, what every wire format must satisfy. `fixtures` says in data where the format
 * differs: what it has no place for, and which words come back as a neighbour.
 *
 * @example
 * ```ts
 * import { describe, expect, it } from 'vitest';
 * import { describeWireFormat } from '@signalbox/conformance';
 *
 * describeWireFormat({ describe, it, expect }, acmeChat, {
 *   path: '/v1/chat/completions',
 *   lacks: ['reasoning-signatures', 'cache-write-usage'],
 *   finishes: { 'stop-sequence': 'stop' },
 * });
 * ```
 */
export function describeWireFormat(runner: TestRunner, format: WireFormat, fixtures: WireFormatFixtures = {}): void {
  const samples = sampleResponses(fixtures.issuer ?? format.id);
  runner.describe(`the wire format ${format.id}`, () => {
    runner.describe('answers', () => checkResponses(runner, format, fixtures, samples));
    runner.describe('streams', () => checkStreams(runner, format, fixtures, samples));
    runner.describe('the observer', () => checkObserver(runner, format, fixtures, samples));
    runner.describe('requests', () => checkRequests(runner, format, fixtures));
    runner.describe('errors', () => checkErrors(runner, format, fixtures));
  });
}
