import { RouterError } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import {
  bestForTask,
  costOptimized,
  customRules,
  fallbackChain,
  performanceOptimized,
  roundRobin,
  withCostLimit,
  withFallbackOrder,
  withLastResort,
  withRules,
} from '../src/index.ts';

/** What a program without types may pass to these. */
const make: Readonly<Record<string, (...options: never[]) => unknown>> = {
  bestForTask,
  costOptimized,
  customRules,
  fallbackChain,
  performanceOptimized,
  roundRobin,
  withCostLimit,
  withFallbackOrder,
  withLastResort,
  withRules,
};

function sentence(name: string, options: readonly unknown[]): string {
  try {
    make[name]?.(...(options as never[]));
  } catch (error) {
    if (!RouterError.is(error)) throw error;
    return `${error.kind}: ${error.message}`;
  }
  return 'nothing was thrown';
}

const base = bestForTask();

describe('a strategy is made of options that can be meant, or of none', () => {
  it.each<[string, unknown[], string]>([
    ['fallbackChain', [], 'fallbackChain: chain is missing, and must be a list of at least one name, such as'],
    ['fallbackChain', [{}], 'fallbackChain: chain is missing, and must be a list of at least one name, such as'],
    [
      'fallbackChain',
      [{ chain: [] }],
      'fallbackChain: chain is an empty list, and must be a list of at least one name',
    ],
    ['fallbackChain', [{ chain: ['a', 7] }], 'fallbackChain: chain[1] is 7, and must be a text.'],
    ['fallbackChain', [{ chain: 'a,b' }], 'fallbackChain: chain is a text, and must be a list of at least one name'],
    ['fallbackChain', [['a', 'b']], 'fallbackChain: the options are a list, and must be an object.'],
    ['costOptimized', [{ minQuality: 80 }], 'costOptimized: minQuality is 80, and must be a number from 0 to 1.'],
    ['costOptimized', [{ minQuality: Number.NaN }], 'costOptimized: minQuality is NaN, and must be a number'],
    ['costOptimized', [{ preferCheaper: 'no' }], 'costOptimized: preferCheaper is a text, and must be true or false.'],
    ['costOptimized', [{ minQualty: 0.8 }], 'costOptimized: there is no option "minQualty"; did you mean minQuality?'],
    ['costOptimized', [{ maxCost: 1 }], 'there is no option "maxCost"; there are minQuality, preferCheaper,'],
    ['costOptimized', [null], 'costOptimized: the options are null, and must be an object.'],
    [
      'performanceOptimized',
      [{ maxLatencyMs: '5s' }],
      'performanceOptimized: maxLatencyMs is a text, and must be a number of milliseconds, 0 or more.',
    ],
    ['performanceOptimized', [{ speedPriority: 'haiku' }], 'speedPriority is a text, and must be a list of names'],
    ['bestForTask', [{ weights: { cost: -1 } }], 'bestForTask weights: cost is -1, and must be a number, 0 or more.'],
    ['bestForTask', [{ weights: { price: 1 } }], 'bestForTask weights: there is no option "price"; there are quality,'],
    ['bestForTask', [{ weights: [1] }], 'bestForTask: weights is a list, and must be an object of weights'],
    [
      'bestForTask',
      [{ preferences: { any: { openai: 'much' } } }],
      'preferences.any.openai is a text, and must be a number.',
    ],
    ['bestForTask', [{ enoughQuality: 1.1 }], 'bestForTask: enoughQuality is 1.1, and must be a number from 0 to 1.'],
    [
      'roundRobin',
      [{ weights: { openai: 1.5 } }],
      'roundRobin: weights.openai is 1.5, and must be a whole number from 1 to 1000.',
    ],
    ['roundRobin', [{ weights: { openai: -1 } }], 'weights.openai is -1, and must be a whole number from 1 to 1000.'],
    [
      'roundRobin',
      [{ weights: { openai: 1e9 } }],
      'weights.openai is 1000000000, and must be a whole number from 1 to 1000.',
    ],
    [
      'roundRobin',
      [{ providers: ['openai', 'google'], weights: { antropic: 2 } }],
      'roundRobin: weights names "antropic", which is not among the providers: openai, google.',
    ],
    ['roundRobin', [{ within: 'best_for_task' }], 'within is a text, and must be a strategy with a name, needs'],
    ['withCostLimit', [base, 'cheap'], 'withCostLimit: maxCost is a text, and must be a number of nano-dollars'],
    ['withCostLimit', [base], 'withCostLimit: maxCost is missing'],
    ['withFallbackOrder', [base, 'openai'], 'withFallbackOrder: providers is a text, and must be a list of names'],
    ['withLastResort', [bestForTask, 'x'], 'withLastResort: strategy is a function, and must be a strategy'],
    ['withLastResort', [base], 'withLastResort: id is missing'],
    ['withRules', [base], 'withRules: rules is missing, and must be a list of rules, such as'],
    ['withRules', [base, { rules: [{ name: 'x' }] }], 'withRules rules[0]: model is missing'],
    [
      'withRules',
      [base, { rules: [{ name: 'x', model: 'm', taskType: 'coding' }] }],
      'withRules rules[0]: taskType is a text, and must be one of code_generation, code_review,',
    ],
    [
      'withRules',
      [base, { rules: [{ name: 'x', model: 'm', pattern: '^why' }] }],
      'withRules rules[0]: there is no option "pattern"',
    ],
    ['withRules', [base, { rules: [], onlyByRule: ['a'] }], 'onlyByRule is a list, and must be a set of ids.'],
    ['customRules', [{ rules: [] }], 'customRules: otherwise is missing, and must be a strategy'],
    ['customRules', [{ rules: {}, otherwise: base }], 'customRules: rules is an object, and must be a list of rules'],
  ])('%s(%j): %s', (name, options, expected) => {
    const found = sentence(name, options);
    expect(found).toContain(expected);
    expect(found).toMatch(/^configuration: /);
  });

  it('an option that is undefined is one that is not there, in weights as well', () => {
    for (const made of [
      bestForTask({ weights: { cost: undefined } as never }),
      costOptimized({ minQuality: undefined }),
    ])
      expect(made.name).not.toBe('');
  });

  it('no limit of waiting may be written as Infinity', () => {
    expect(performanceOptimized({ maxLatencyMs: Number.POSITIVE_INFINITY }).name).toBe('performance_optimized');
  });
});
