import type { FinishReason, JsonObject, ModelResponse, WireFormat } from '@signalbox/core';
import { responseEssence } from './essence.ts';
import type { Lack, WireFormatFixtures } from './fixtures.ts';
import type { SampleResponse } from './sample-responses.ts';
import { PROVIDER, providerErrorKind, serverContext, thrownBy } from './stream-drive.ts';
import type { TestRunner } from './test-runner.ts';

/** Answers: encoded for a caller and read back as from a provider. */
export function checkResponses(
  { it, expect }: TestRunner,
  format: WireFormat,
  fixtures: WireFormatFixtures,
  samples: readonly SampleResponse[],
): void {
  const lacks: ReadonlySet<Lack> = new Set(fixtures.lacks);
  for (const { name, response } of samples) {
    it(`carries ${name} there and back`, () => {
      const back = roundTrip(format, response);
      expect(responseEssence(back, lacks)).toEqual(responseEssence(response, lacks));
      expect(back.finish.reason).toBe(expectedFinish(response.finish.reason, fixtures));
    });
  }

  it('survives fields that nobody knows yet', () => {
    const [first] = samples;
    if (first === undefined) throw new Error('there are no samples');
    const body = { ...asJson(format.server.encodeResponse(first.response, serverContext())), novelty: { deep: [1] } };
    const back = format.client.decodeResponse(body, { provider: PROVIDER });
    expect(responseEssence(back, lacks)).toEqual(responseEssence(first.response, lacks));
  });

  it('keeps the counts that it has, and is given those that it lacks', () => {
    const { completeUsage } = format;
    if (completeUsage === undefined) return;
    for (const { name, response } of samples) {
      const whole = asJson(format.server.encodeResponse(response, serverContext()));
      const unasked = () => {
        throw new Error('the counts are there: nothing is to be estimated');
      };
      expect(completeUsage(whole, unasked), name).toBe(undefined);
      // A provider that got its counts wrong: no caller can add these up.
      const wrong = JSON.parse(JSON.stringify(whole), (key, value: unknown) =>
        typeof value === 'number' && /tokens|count$/i.test(key) ? -1 : value,
      ) as JsonObject;
      const completed = completeUsage(wrong, () => ({ inputTokens: 31, outputTokens: 17, provenance: 'estimated' }));
      if (completed === undefined) throw new Error(`${name}: counts below zero are no counts`);
      const { usage, ...back } = format.client.decodeResponse(asJson(completed), { provider: PROVIDER });
      expect([usage?.inputTokens, usage?.outputTokens], name).toEqual([31, 17]);
      expect(responseEssence({ ...back, usage: undefined }, lacks), name).toEqual(
        responseEssence({ ...response, usage: undefined }, lacks),
      );
      expect(completeUsage(asJson(completed), unasked), name).toBe(undefined);
    }
  });

  it('calls what is not an answer an invalid response', () => {
    for (const body of [null, 'a page of a proxy', 42]) {
      const error = thrownBy(() => format.client.decodeResponse(body, { provider: PROVIDER }));
      expect(providerErrorKind(error)).toBe('invalid-response');
    }
  });
}

/** The reason that comes back for a reason that was sent. */
export function expectedFinish(reason: FinishReason, fixtures: WireFormatFixtures): FinishReason {
  return fixtures.finishes?.[reason] ?? reason;
}

function roundTrip(format: WireFormat, response: ModelResponse): ModelResponse {
  const body = asJson(format.server.encodeResponse(response, serverContext()));
  return format.client.decodeResponse(body, { provider: PROVIDER });
}

/** A body as it is after the wire. */
function asJson(body: object): JsonObject {
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}
