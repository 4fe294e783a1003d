import type {
  Admission,
  Candidate,
  Complexity,
  Decision,
  Measured,
  Removal,
  Strategy,
  TaskType,
} from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesOf, createRouter, redecide } from '../src/index.ts';
import { answers, fakeProvider, finish, start, text, userSays } from './fake-provider.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const providers = NAMES.map((name) =>
  fakeProvider(name, answers(200, { events: [start('m'), text('well'), finish()] })),
);
const candidates = candidatesOf(providers);

/** A strategy whose order hangs on everything that a strategy can be told. */
const nosy: Strategy = {
  name: 'nosy',
  needs: ['task', 'quality', 'latency', 'cost'],
  rank(given, snapshot) {
    const weight = ({ id }: Candidate) =>
      digest(
        JSON.stringify([
          id,
          snapshot.now,
          snapshot.turn,
          snapshot.needs,
          snapshot.task,
          snapshot.cost?.get(id),
          snapshot.quality?.get(id),
          snapshot.latencyMs?.get(id),
          given.map((one) => one.id),
        ]),
      );
    const order = given.toSorted((one, other) => weight(one) - weight(other)).map((candidate) => ({ candidate }));
    return { order, reason: 'so it came out' };
  },
};

function digest(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

const moment = fc.record({
  now: fc.integer({ min: 1, max: 2e12 }),
  turns: fc.integer({ min: 0, max: 3 }),
  inputText: fc.integer({ min: 0, max: 500 }),
  maxOutputTokens: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
  type: fc.constantFrom<TaskType>('code_review', 'simple_query', 'json_output'),
  complexity: fc.constantFrom<Complexity>('low', 'medium', 'high'),
  difficulty: fc.double({ min: 0, max: 1, noNaN: true }),
  out: fc.array(
    fc.record({
      index: fc.nat(4),
      kind: fc.constantFrom<Removal['kind']>('breaker', 'rate-limit', 'budget', 'permission'),
    }),
    { maxLength: 3 },
  ),
  cheaperFirst: fc.option(fc.constant('80 % of the daily budget is spent'), { nil: undefined }),
  measured: fc.array(
    fc.option(fc.record({ first: fc.integer({ min: 1, max: 9_999 }), speed: fc.integer({ min: 1, max: 300 }) })),
    {
      minLength: 5,
      maxLength: 5,
    },
  ),
  prices: fc.array(fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: undefined }), { minLength: 5, maxLength: 5 }),
  qualities: fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }), {
    minLength: 5,
    maxLength: 5,
  }),
});

/** What is booked is JSON. */
const booked = (decision: Decision): Decision => JSON.parse(JSON.stringify(decision));

describe('deciding again', () => {
  it('gives the same order under the same policy, whatever was measured, spent and broken then', async () => {
    await fc.assert(
      fc.asyncProperty(moment, async (then) => {
        const placeOf = ({ id }: Pick<Candidate, 'id'>) => candidates.findIndex((one) => one.id === id);
        const pricing = {
          cost: () => undefined,
          predict: (facts: { readonly id: string }, input: number, output: number) => {
            const price = then.prices[candidates.findIndex((one) => one.facts.id === facts.id)];
            return price === undefined ? undefined : price * (input + output);
          },
        };
        const quality = { expect: (candidate: Candidate) => then.qualities[placeOf(candidate)] };
        const removalOf = (candidate: Candidate): Removal | undefined => {
          const found = then.out.find((one) => one.index === placeOf(candidate));
          return found && { candidate: candidate.id, kind: found.kind, reason: 'not now' };
        };
        let open = true;
        const admission: Admission = {
          check: (candidate) => (open ? undefined : removalOf(candidate)),
          reserve: () => undefined,
          standing: () => ({ cheaperFirst: open ? undefined : then.cheaperFirst, notices: ['something was said'] }),
        };
        const router = createRouter({
          providers,
          candidates,
          strategy: nosy,
          pricing,
          quality,
          admission,
          clock: { now: () => then.now, after: () => () => undefined },
          analyser: {
            analyse: () => ({
              type: then.type,
              complexity: then.complexity,
              difficulty: then.difficulty,
              expectedOutputTokens: 400,
              reason: '',
            }),
          },
          measurements: {
            record: () => undefined,
            of: (id) => {
              const one = then.measured[placeOf({ id })];
              return one === null || one === undefined
                ? undefined
                : ({ firstContentMs: { p50: one.first, p99: one.first }, tokensPerSecond: one.speed } as Measured);
            },
          },
        });
        for (let turn = 0; turn < then.turns; turn += 1) await router.generate(userSays('a turn of somebody else'));
        open = false;
        const request = { ...userSays('x'.repeat(then.inputText)), maxOutputTokens: then.maxOutputTokens };
        const inbound = { head: { stream: false }, request: () => request };
        const recorded = booked(router.decide({ inbound }));
        const latencies = new Map(recorded.order.map((one) => [one.candidate, one.latencyMs]));
        const again = redecide(
          { recorded, route: { strategy: nosy, candidates }, localOnly: false },
          { pricing, quality, times: (id) => ({ latencyMs: latencies.get(id) }) },
        );
        expect(again.decision.order.map((one) => one.candidate)).toEqual(recorded.order.map((one) => one.candidate));
        expect(again.decision.reason).toBe(recorded.reason);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves to another policy what was the first one’s own doing, and keeps out who could not be asked', () => {
    const recorded: Decision = {
      id: 'd',
      decidedAt: 1,
      strategy: 'one',
      reason: '',
      needs: {
        tools: false,
        vision: false,
        pdf: false,
        audio: false,
        jsonSchema: false,
        inputTokens: 10,
        maxOutputTokens: undefined,
      },
      order: [{ candidate: 'a/a-model', provider: 'a', model: 'a-model' }],
      removed: [
        { candidate: 'b/b-model', kind: 'budget', reason: 'too dear for one request', byStrategy: true },
        { candidate: 'c/c-model', kind: 'budget', reason: 'the daily budget is spent' },
        { candidate: 'd/d-model', kind: 'not-in-strategy', reason: 'is not in the chain' },
        { candidate: 'e/e-model', kind: 'breaker', reason: 'has failed' },
      ],
    };
    const given: Strategy = {
      name: 'two',
      needs: [],
      rank: (all) => ({ order: all.map((candidate) => ({ candidate })), reason: '' }),
    };
    const { order, decision } = redecide({ recorded, route: { strategy: given, candidates }, localOnly: false }, {});
    expect(order.map((one) => one.id)).toEqual(['a/a-model', 'b/b-model', 'd/d-model']);
    expect(decision.removed.map((one) => one.candidate)).toEqual(['c/c-model', 'e/e-model']);
  });

  it('asks for the profile of the request', () => {
    const recorded: Decision = { id: 'd7', decidedAt: 1, strategy: 'manual', reason: '', order: [], removed: [] };
    expect(() => redecide({ recorded, route: { strategy: nosy, candidates }, localOnly: false }, {})).toThrow(
      "The decision d7 was made without a look at the request, so it can't be made again.",
    );
  });
});
