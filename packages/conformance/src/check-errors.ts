import {
  AllCandidatesFailed,
  type Attempt,
  type Decision,
  ProviderError,
  type ProviderErrorKind,
  RouterError,
  type RouterErrorKind,
  type WireFormat,
} from '@signalbox/core';
import { ERROR_NEIGHBOURS, type WireFormatFixtures } from './fixtures.ts';
import type { TestRunner } from './test-runner.ts';

/** Kinds that are the caller's own doing. */
const CALLERS: ReadonlySet<string> = new Set([
  'invalid-request',
  'authentication',
  'permission',
  'not-found',
  'request-too-large',
  'context-length',
  'content-filter',
  'rate-limit',
  'usage',
  'unknown-model',
  'untrusted',
  'budget',
]);

const PROVIDER_KINDS: readonly ProviderErrorKind[] = [
  'invalid-request',
  'authentication',
  'permission',
  'not-found',
  'request-too-large',
  'context-length',
  'content-filter',
  'rate-limit',
  'quota',
  'overloaded',
  'server',
  'timeout',
  'connect',
  'connection-lost',
  'stream-cut',
  'invalid-response',
  'aborted',
  'unknown',
];
const ROUTER_KINDS: readonly Exclude<RouterErrorKind, 'all-candidates-failed'>[] = [
  'usage',
  'configuration',
  'unknown-model',
  'not-found',
  'missing-key',
  'untrusted',
  'invalid-request',
  'request-too-large',
  'unsupported',
  'no-candidate',
  'rate-limit',
  'budget',
  'aborted',
  'internal',
];

/** Errors: every kind as an answer of the format, and read back. */
export function checkErrors({ it, expect }: TestRunner, format: WireFormat, fixtures: WireFormatFixtures): void {
  const errors: (ProviderError | RouterError)[] = [
    ...PROVIDER_KINDS.map((kind) => new ProviderError({ kind, message: `A sample of ${kind}.`, retryAfterMs: 3000 })),
    ...ROUTER_KINDS.map((kind) => new RouterError({ kind, message: `A sample of ${kind}.`, retryAfterMs: 3000 })),
  ];
  for (const error of errors) {
    const whose = ProviderError.is(error) ? 'a provider’s' : 'our own';
    it(`answers ${whose} error ${error.kind} so that it is understood`, () => {
      const { status, headers, body } = format.server.encodeError(error);
      expect(status >= 400 && status <= 599, `status ${status}`).toBe(true);
      if (CALLERS.has(error.kind)) expect(status < 500, `status ${status}`).toBe(true);
      const wire: unknown = JSON.parse(JSON.stringify(body));
      const back = format.client.decodeError(status, lowerCase(headers), wire);
      const allowed = [error.kind, ...(fixtures.errors?.[error.kind] ?? []), ...ERROR_NEIGHBOURS[error.kind]];
      expect(allowed.includes(back.kind), `${error.kind} came back as ${back.kind}`).toBe(true);
      expect(back.message.includes(`A sample of ${error.kind}.`), back.message).toBe(true);
      if (error.kind === 'rate-limit') expect(back.retryAfterMs).toBe(3000);
    });
  }

  it('answers failed candidates with the last one’s status, and size errors word for word', () => {
    const last = new ProviderError({
      kind: 'context-length',
      message: 'prompt is too long: 3 tokens > 2',
      status: 400,
    });
    const decision: Decision = {
      id: 'decision_1',
      decidedAt: 0,
      strategy: 'manual',
      reason: 'the caller named it',
      order: [],
      removed: [],
    };
    const attempt: Attempt = {
      candidate: 'sample/model',
      provider: 'sample',
      model: 'model',
      cause: 'first',
      startedAt: 0,
      durationMs: 1,
      outcome: 'failure',
      lane: 'canonical',
      simulated: false,
      notes: [],
      error: { kind: last.kind, message: last.message },
    };
    const failed = new AllCandidatesFailed(decision, [attempt], last);
    const { status, headers, body } = format.server.encodeError(failed);
    const back = format.client.decodeError(status, lowerCase(headers), JSON.parse(JSON.stringify(body)));
    expect(back.kind).toBe('context-length');
    expect(back.message.includes('prompt is too long: 3 tokens > 2')).toBe(true);
  });

  it('classifies by the status what is not JSON', () => {
    const page = '<html><body>Bad gateway</body></html>';
    expect(format.client.decodeError(502, {}, page).kind).toBe('server');
    expect(format.client.decodeError(429, { 'retry-after': '2' }, '').kind).toBe('rate-limit');
    expect(format.client.decodeError(429, { 'retry-after': '2' }, '').retryAfterMs).toBe(2000);
    expect(format.client.decodeError(401, {}, null).kind).toBe('authentication');
  });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
