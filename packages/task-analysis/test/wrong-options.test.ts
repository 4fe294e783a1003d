import { expect, it } from 'vitest';
import { createExpectedQuality, createTaskAnalyser } from '../src/index.ts';

it.each<[string, () => unknown, string]>([
  [
    'a slip of an analyser',
    () => createTaskAnalyser({ detectComplexty: false } as never),
    'createTaskAnalyser: there is no option "detectComplexty"; did you mean detectComplexity?',
  ],
  [
    'an ability in per cent',
    () => createExpectedQuality({ abilities: { 'anthropic.haiku': 60 } }),
    'createExpectedQuality: abilities.anthropic.haiku is 60, and must be a number from 0 to 1, or such numbers by kind of task.',
  ],
  [
    'an ability in per cent of one kind',
    () => createExpectedQuality({ abilities: { haiku: { any: 0.6, code_generation: 70 } } }),
    'createExpectedQuality: abilities.haiku.code_generation is 70, and must be a number from 0 to 1.',
  ],
])('%s', (_, make, sentence) => {
  expect(make).toThrow(expect.objectContaining({ kind: 'configuration', message: sentence }));
});
