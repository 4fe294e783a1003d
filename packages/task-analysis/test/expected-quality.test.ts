import type { Candidate, Complexity, ModelFacts, Provider, TaskProfile } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABILITY_TABLE, createExpectedQuality } from '../src/index.ts';

function model(id: string, dollarsForAMillion?: number, names: readonly string[] = []): Candidate {
  const facts: ModelFacts = {
    id,
    provider: 'lab',
    name: id,
    type: 'chat',
    status: 'active',
    capabilities: {},
    prices: dollarsForAMillion === undefined ? [] : [{ output: dollarsForAMillion * 1e9 }],
  };
  return { id: `lab/${id}`, provider: { id: 'lab' } as Provider, model: id, names, facts };
}

const work = (complexity: Complexity, type: TaskProfile['type'] = 'code_generation'): TaskProfile => ({
  type,
  complexity,
  difficulty: 0.5,
  expectedOutputTokens: 100,
  reason: 'a test',
});

const quality = createExpectedQuality();
const of = (candidate: Candidate, complexity: Complexity) => quality.expect(candidate, work(complexity)) ?? 0;

describe('expected quality', () => {
  it('tells the sizes of a family apart: small work for all, middling for two, large for one', () => {
    const [haiku, sonnet, opus] = [model('claude-haiku-4-5'), model('claude-sonnet-5'), model('claude-opus-5')];
    expect([haiku, sonnet, opus].map((one) => of(one, 'low') >= 0.8)).toEqual([true, true, true]);
    expect([haiku, sonnet, opus].map((one) => of(one, 'medium') >= 0.8)).toEqual([false, true, true]);
    expect([haiku, sonnet, opus].map((one) => of(one, 'high') >= 0.8)).toEqual([false, false, true]);
  });

  it('guesses a model that nobody has placed by its price, a free one by the size in its name', () => {
    expect(of(model('acme-1', 60), 'medium')).toBeGreaterThan(of(model('acme-2', 0.5), 'medium'));
    expect(of(model('acme:70b', 0), 'medium')).toBeGreaterThan(of(model('acme:7b', 0), 'medium'));
    expect(of(model('acme'), 'low')).toBeGreaterThan(0.8);
  });

  it("takes a person's figures before the table, under any name, also by kind of task", () => {
    const haiku = model('claude-haiku-4-5', 5, ['anthropic.haiku']);
    const own = createExpectedQuality({ abilities: { 'anthropic.haiku': { code_generation: 0.9 } } });
    expect(own.expect(haiku, work('high'))).toBeGreaterThan(0.8);
    expect(own.expect(haiku, work('high', 'translation'))).toBe(of(haiku, 'high'));
    const flat = createExpectedQuality({ abilities: { 'claude-haiku-4-5': 0.1, 'lab/claude-haiku-4-5': 0.9 } });
    expect(flat.expect(haiku, work('high'))).toBeGreaterThan(0.8);
  });

  it('lies between 0 and 1, rises with ability and falls with complexity and difficulty', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, share, (ability, more, difficulty, harder) => {
        const able = (value: number) => createExpectedQuality({ abilities: { m: value } });
        const [least, most] = [Math.min(ability, more), Math.max(ability, more)];
        const expectation = (value: number, complexity: Complexity, hard: number) =>
          able(value).expect(model('m'), { ...work(complexity), difficulty: hard }) ?? -1;
        for (const complexity of ['low', 'medium', 'high'] as const) {
          expect(expectation(least, complexity, difficulty)).toBeLessThanOrEqual(
            expectation(most, complexity, difficulty),
          );
          expect(expectation(ability, complexity, difficulty)).toBeGreaterThan(0);
          expect(expectation(ability, complexity, difficulty)).toBeLessThanOrEqual(1);
        }
        expect(expectation(ability, 'high', difficulty)).toBeLessThanOrEqual(expectation(ability, 'low', difficulty));
        expect(expectation(ability, 'medium', Math.max(difficulty, harder))).toBeLessThanOrEqual(
          expectation(ability, 'medium', Math.min(difficulty, harder)),
        );
      }),
    );
  });

  it('has a table whose rows are all within the scale and in reach of a name', () => {
    for (const row of ABILITY_TABLE) {
      expect(row.ability).toBeGreaterThan(0);
      expect(row.ability).toBeLessThan(1);
      expect(row.model.flags).toBe('');
    }
  });
});
