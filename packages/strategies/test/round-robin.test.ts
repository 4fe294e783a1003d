import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestForTask, roundRobin } from '../src/index.ts';
import { snapshot } from './candidates.ts';
import { all, gemini, gpt4, ids, opus, sonnet, taskSnapshot } from './models.ts';

const firsts = (strategy: ReturnType<typeof roundRobin>, turns: number, candidates = all) =>
  Array.from({ length: turns }, (_, turn) => strategy.rank(candidates, snapshot({ turn })).order[0]?.candidate);

describe('round_robin', () => {
  it('takes the providers in turns, and the others follow in theirs', () => {
    const strategy = roundRobin({ providers: ['anthropic', 'openai', 'google'] });
    expect(firsts(strategy, 4).map((one) => one?.provider.id)).toEqual(['anthropic', 'openai', 'google', 'anthropic']);
    const { order, reason } = strategy.rank(all, snapshot({ turn: 1 }));
    expect(ids(order).slice(0, 3)).toEqual([gpt4.id, gemini.id, opus.id]);
    expect(reason).toBe('the turn of openai');
    expect(order).toHaveLength(all.length);
  });

  it('goes round all providers where none are listed', () => {
    expect(firsts(roundRobin(), 3).map((one) => one?.provider.id)).toEqual(['anthropic', 'openai', 'google']);
  });

  it('leaves out who is not in the round, with the reason', () => {
    const { order, removed } = roundRobin({ providers: ['openai'] }).rank([gpt4, gemini], snapshot());
    expect(ids(order)).toEqual([gpt4.id]);
    expect(removed).toEqual([
      { candidate: gemini.id, kind: 'not-in-strategy', reason: 'its provider is not gone round to' },
    ]);
  });

  it('gives the turn of a provider that is out to the next', () => {
    const { order, reason } = roundRobin({ providers: ['anthropic', 'openai'] }).rank([gpt4], snapshot({ turn: 0 }));
    expect(ids(order)).toEqual([gpt4.id]);
    expect(reason).toBe('the turn of openai in the place of anthropic');
  });

  it('leaves the model of a provider to another strategy', () => {
    const strategy = roundRobin({ providers: ['anthropic', 'openai'], within: bestForTask() });
    expect(strategy.rank(all, taskSnapshot('code_generation', 'medium')).order[0]?.candidate.id).toBe(sonnet.id);
  });

  it('gives each provider its share of every round, evenly spread', () => {
    const weight = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(weight, weight, weight, fc.nat(1_000), (anthropic, openai, google, start) => {
        const weights = { anthropic, openai, google };
        const strategy = roundRobin({ providers: Object.keys(weights), weights });
        const total = anthropic + openai + google;
        const round = Array.from({ length: total }, (_, place) => {
          return strategy.rank(all, snapshot({ turn: start + place })).order[0]?.candidate.provider.id;
        });
        for (const [provider, share] of Object.entries(weights)) {
          expect(round.filter((one) => one === provider)).toHaveLength(share);
        }
      }),
    );
    const spread = roundRobin({ providers: ['anthropic', 'openai'], weights: { anthropic: 3 } });
    expect(firsts(spread, 4).map((one) => one?.provider.id)).toEqual(['anthropic', 'anthropic', 'openai', 'anthropic']);
  });
});
