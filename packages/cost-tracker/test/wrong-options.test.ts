import { RouterError } from '@signalbox/core';
import { expect, it } from 'vitest';
import { createBudgets, createPricing } from '../src/index.ts';

const pricing = createPricing();
const budgets = (plan: object) => createBudgets({ plan, pricing });

it.each<[string, () => unknown, string]>([
  [
    'no plan',
    () => createBudgets({ pricing } as never),
    'createBudgets: plan is missing, and must be a plan, such as { daily: usdToNano(50) }.',
  ],
  [
    'a budget below zero',
    () => budgets({ daily: -1 }),
    'createBudgets plan: daily is -1, and must be a number of nano-dollars, 0 or more.',
  ],
  [
    'a slip in a plan',
    () => budgets({ dayly: 1 }),
    'createBudgets plan: there is no option "dayly"; did you mean daily?',
  ],
  [
    'an amount in words',
    () => budgets({ perUser: { users: { ann: '5' } } }),
    'createBudgets plan.perUser: users.ann is a text, and must be a number of nano-dollars, 0 or more.',
  ],
  [
    'a limit of a key in words',
    () => budgets({ perKey: { ci: { daily: '5' } } }),
    'createBudgets plan.perKey.ci: daily is a text, and must be a number of nano-dollars, 0 or more.',
  ],
  [
    'half a use',
    () => budgets({ perModel: { opus: { maxDailyUses: 0.5 } } }),
    'createBudgets plan.perModel.opus: maxDailyUses is 0.5, and must be a whole number, 0 or more.',
  ],
  [
    'an alert that does nothing known',
    () => budgets({ alerts: [{ threshold: 0.5, action: 'shout' }] }),
    'createBudgets plan.alerts[0]: action is a text, and must be one of notify, switch_to_cheaper, block_expensive_models, deny.',
  ],
  [
    'prices that are none',
    () => createPricing({ overrides: { 'openai/o1': 5 as never } }),
    'createPricing: overrides.openai/o1 is 5, and must be rates, such as ratesPerThousandTokens() gives.',
  ],
])('%s', (_, make, sentence) => {
  let failure: unknown;
  try {
    make();
  } catch (error) {
    failure = error;
  }
  if (!RouterError.is(failure)) throw failure ?? new Error('nothing was thrown');
  expect(`${failure.kind}: ${failure.message}`).toBe(`configuration: ${sentence}`);
});
